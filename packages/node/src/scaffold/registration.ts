/** Where a source file registers its listeners, and what has to be put in to register one more. */
import type * as Babel from "@babel/types"
import { bare, isCall, isMember, isOurs, memberOf } from "../project/internal/meanings.ts"
import { childrenOf, enter, find, type Node, type Scope } from "../project/internal/scopes.ts"

/** A text that is put in at an offset. */
export interface Edit {
  readonly at: number
  readonly text: string
}

/** Puts all in; what has the same place stays in its order. */
export const put = (text: string, edits: ReadonlyArray<Edit>): string => {
  const parts: Array<string> = []
  let from = 0
  for (const edit of edits.toSorted((one, other) => one.at - other.at)) {
    parts.push(text.slice(from, edit.at), edit.text)
    from = edit.at
  }
  return parts.join("") + text.slice(from)
}

export interface Registration {
  readonly call: Babel.CallExpression | Babel.OptionalCallExpression
  /** The statement of the file that it stands in. */
  readonly statement: Node
}

const isLayerOfListeners = (node: Node, scope: Scope): boolean => {
  if (!isMember(node) || memberOf(node) !== "layer") return false
  const object = bare(node.object)
  const [holder, member] = isMember(object) ? [bare(object.object), memberOf(object)] : [object, undefined]
  const binding = holder.type === "Identifier" ? find(scope, holder.name) : undefined
  if (binding?._tag !== "Import" || !isOurs(binding.from)) return false
  return member === undefined ? binding.name === "Listeners" : binding.name === "*" && member === "Listeners"
}

export const registrations = (program: Babel.Program): ReadonlyArray<Registration> => {
  const found: Array<Registration> = []
  const visit = (node: Node, outer: Scope | undefined, statement: Node) => {
    const scope = enter(outer, node)
    if (isCall(node) && isLayerOfListeners(bare(node.callee), scope)) found.push({ call: node, statement })
    for (const child of childrenOf(node)) visit(child, scope, statement)
  }
  const scope = enter(undefined, program)
  for (const statement of program.body) visit(statement, scope, statement)
  return found
}

const startOf = ({ start }: { readonly start?: number | null }): number => start ?? 0
const endOf = ({ end }: { readonly end?: number | null }): number => end ?? 0

/** Behind what follows on the same line, comments included. */
const behindComments = (text: string, from: number): number => {
  const comment = /[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/[^\r\n]*)/y
  comment.lastIndex = from
  return comment.test(text) ? behindComments(text, comment.lastIndex) : from
}

/** What puts a name at the end of the arguments. */
export const registering = (
  text: string,
  { call }: Registration,
  identifier: string,
  newline: string
): ReadonlyArray<Edit> | undefined => {
  const close = endOf(call) - 1
  const last = call.arguments.at(-1)
  if (last === undefined) return [{ at: close, text: identifier }]
  const end = endOf(last)
  const rest = text
    .slice(end, close)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\r\n]*/g, (comment) => " ".repeat(comment.length))
  // A bracket of the argument itself, which the tree does not show.
  if (rest.includes(")")) return undefined
  const [, indent] = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, startOf(last))) ?? []
  const comma = rest.indexOf(",")
  if (indent === undefined || !rest.includes("\n")) {
    return comma === -1 ? [{ at: end, text: `, ${identifier}` }] : [{ at: end + comma + 1, text: ` ${identifier}` }]
  }
  const line = `${newline}${indent}${identifier}`
  return comma === -1
    ? [
        { at: end, text: "," },
        { at: behindComments(text, end), text: line }
      ]
    : [{ at: behindComments(text, end + comma + 1), text: `${line},` }]
}

/** Before a statement and the comments that belong to it. */
export const before = (text: string, statement: Node): number => {
  let at = startOf(statement)
  for (const comment of (statement.leadingComments ?? []).toReversed()) {
    const gap = text.slice(endOf(comment), at)
    const isOnItsOwn = /(?:^|\n)[ \t]*$/.test(text.slice(0, startOf(comment)))
    if (!isOnItsOwn || (gap.match(/\n/g) ?? []).length > 1) break
    at = startOf(comment)
  }
  return at
}
