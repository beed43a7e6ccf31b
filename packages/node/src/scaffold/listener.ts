/**
 * One more listener in a source file: a stub, and its name in the list that `Listeners.layer` registers. What is put in is
 * put between what is there, none of which changes.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { callsIn, parsed } from "../project/internal/calls.ts"
import { isOurs } from "../project/internal/meanings.ts"
import { childrenOf, enter, type Node, type Scope } from "../project/internal/scopes.ts"
import { before, type Edit, put, registering, registrations } from "./registration.ts"

/** The file is not one that a listener can be put into; says what to do by hand. */
export class NoPlace extends Data.TaggedError("NoPlace")<{ readonly reason: string }> {}

export interface Stub {
  readonly name: string
  /** Tags of events, or only `"*"`. */
  readonly events: ReadonlyArray<string>
}

export interface Added {
  readonly text: string
  /** Where the stub begins, from 1. */
  readonly line: number
}

/** How the file is written: what comes in shall look like it. */
const styleOf = (text: string) => {
  const [, spaces = "  "] = /^( {2,4})[^\s*]/m.exec(text) ?? []
  const quotes = /^import .*(["'])[;\r]?$/m.exec(text)?.[1] ?? `"`
  return {
    newline: text.includes("\r\n") ? "\r\n" : "\n",
    indent: /^\t/m.test(text) ? "\t" : spaces,
    end: /^import .*;\r?$/m.test(text) ? ";" : "",
    quoted: (word: string) => quotes + word + quotes
  }
}

/** The name by which a module is reached here, by itself or as a member of a whole package. */
const localName = (scope: Scope, isFrom: (module: string) => boolean, name: string): string | undefined => {
  for (const [local, binding] of scope.names) {
    if (binding._tag !== "Import" || !isFrom(binding.from)) continue
    if (binding.name === name) return local
    if (binding.name === "*") return `${local}.${name}`
  }
  return undefined
}

const namesIn = (node: Node): ReadonlyArray<string> =>
  childrenOf(node).flatMap((child) => [...(child.type === "Identifier" ? [child.name] : []), ...namesIn(child)])

const isIdentifier = (word: string): boolean => {
  const tree = Result.try(() => parsed("name.ts", `export const ${word} = 0`))
  return Result.isSuccess(tree) && tree.success.errors?.length === 0
}

/** The name of a listener as one of a constant that the file does not have yet. */
const identifierFor = (name: string, taken: ReadonlySet<string>): string => {
  const [first = "", ...more] = name.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== "")
  const joined =
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    more.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("")
  const base = /^\p{N}/u.test(joined) ? `_${joined}` : joined
  const isFree = (word: string) => !taken.has(word) && isIdentifier(word)
  if (isFree(base)) return base
  let word = `${base}Listener`
  for (let i = 2; !isFree(word); i++) word = `${base}Listener${i}`
  return word
}

const byHand = "register it by hand, as an argument of `Listeners.layer(…)`"

/** Adds a stub to the text of a file. */
export const addTo = Effect.fnUntraced(function* (
  file: string,
  text: string,
  { events, name }: Stub
): Effect.fn.Return<Added, NoPlace> {
  const fail = (reason: string) => Effect.fail(new NoPlace({ reason }))
  const parse = (source: string) =>
    Effect.try({
      try: () => ({ tree: parsed(file, source), calls: callsIn(file, source) }),
      catch: () => new NoPlace({ reason: "it does not parse: repair it first" })
    })
  const { calls: had, tree } = yield* parse(text)
  if (had.mistake !== undefined) return yield* fail("it does not parse: repair it first")
  const [registration, ...others] = registrations(tree.program)
  if (registration === undefined) return yield* fail(`it has no \`Listeners.layer(…)\`: ${byHand}`)
  if (others.length > 0) return yield* fail(`it has more than one \`Listeners.layer(…)\`: ${byHand}`)

  const { end, indent, newline, quoted } = styleOf(text)
  const scope = enter(undefined, tree.program)
  const names = new Set(namesIn(tree.program))
  const identifier = identifierFor(name, names)
  const registered = registering(text, registration, identifier, newline)
  if (registered === undefined) return yield* fail(`its last listener stands in brackets: ${byHand}`)

  const imports = tree.program.body.filter((statement) => statement.type === "ImportDeclaration")
  const edits: Array<Edit> = []
  const listener = localName(scope, isOurs, "Listener")
  if (listener === undefined) {
    const specifier = imports
      .filter(({ source }) => isOurs(source.value))
      .flatMap(({ specifiers }) => specifiers)
      .find(({ type }) => type === "ImportSpecifier")
    if (specifier === undefined || names.has("Listener")) {
      return yield* fail("it does not import `Listener` from @effect-whatsapp/node/events: import it first")
    }
    edits.push({ at: specifier.start ?? 0, text: "Listener, " })
  }
  const effect = localName(scope, (module) => module === "effect", "Effect")
  const alone = localName(scope, (module) => module === "effect/Effect", "*")
  if (effect === undefined && alone === undefined) {
    if (names.has("Effect")) return yield* fail('its `Effect` is not the one of "effect": import that first')
    const last = imports.at(-1)
    const line = `import { Effect } from ${quoted("effect")}${end}`
    edits.push({ at: last?.end ?? 0, text: newline + line })
  }

  const of = effect ?? alone ?? "Effect"
  const tags = events.map(quoted)
  const stub = [
    `/** Called for ${events.includes("*") ? "every event" : events.join(" and ")}. */`,
    `const ${identifier} = ${listener ?? "Listener"}.make(`,
    `${indent}${quoted(name)},`,
    `${indent}${tags.length === 1 ? tags[0] : `[${tags.join(", ")}]`},`,
    `${indent}${of}.fn(${quoted(name)})(function* (event) {`,
    `${indent}${indent}yield* ${of}.logInfo(event._tag)${end}`,
    `${indent}})`,
    `)${end}`
  ]
  const at = before(text, registration.statement)
  edits.push({ at, text: [...stub, "", ""].join(newline) }, ...registered)

  const result = put(text, edits)
  // Whatever the file is like: what comes out must be the program that was meant.
  const { calls } = yield* parse(result)
  const made = calls.calls.find((call) => call.name === name)
  if (calls.mistake !== undefined || made === undefined || calls.calls.length !== had.calls.length + 1) {
    return yield* fail(`it cannot be changed safely: ${byHand}`)
  }
  return { text: result, line: made.line }
})
