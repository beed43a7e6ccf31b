/** `fields=a,b{c,d}`: which members of a node are asked for. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { compact, type Fields } from "../envelope.ts"
import { Refused } from "../graphError.ts"
import * as Parameters from "./parameters.ts"

/** What there is; a member that has no value now is there, with `undefined`. */
export interface Node {
  /** Meta's name for its kind. */
  readonly type: string
  readonly fields: { readonly [field: string]: Schema.Json | undefined }
}

interface Wanted {
  readonly name: string
  readonly inside: ReadonlyArray<Wanted>
}

/** What is asked for; `undefined` when nothing is. */
export const wanted = Effect.fnUntraced(function* (
  given: Parameters.Parameters
): Effect.fn.Return<ReadonlyArray<Wanted> | undefined, Refused> {
  const list = given.get("fields")
  const text = Array.isArray(list) ? list.join(",") : yield* Parameters.text(given, "fields")
  if (text === undefined || text.trim() === "") return undefined
  const tokens = text.replace(/\s/g, "").match(/[A-Za-z0-9_]+|./gs) ?? []
  let at = 0
  const syntax = (expected: string) =>
    new Refused({
      code: 2500,
      graph: { type: "OAuthException", message: `Syntax error "Expected ${expected}" at token ${at}` }
    })
  const list_ = Effect.fnUntraced(function* (depth: number): Effect.fn.Return<ReadonlyArray<Wanted>, Refused> {
    const found: Array<Wanted> = []
    do {
      const name = tokens[at++]
      if (name === undefined || !/^\w+$/.test(name)) return yield* syntax("name")
      let inside: ReadonlyArray<Wanted> = []
      if (tokens[at] === "{") {
        if (depth === 0) return yield* syntax("fewer levels")
        at += 1
        inside = yield* list_(depth - 1)
        if (tokens[at++] !== "}") return yield* syntax("end of list")
      }
      found.push({ name, inside })
    } while (tokens[at++] === ",")
    at -= 1
    return found
  })
  const all = yield* list_(5)
  return at === tokens.length ? all : yield* syntax("end of string")
})

/** The members that are asked for, and the id in any case. */
export const select = (
  { fields, type }: Node,
  asked: ReadonlyArray<Wanted> | undefined,
  usual: ReadonlyArray<string>
): Effect.Effect<Fields, Refused> => {
  const list = asked ?? usual.map((name) => ({ name, inside: [] }))
  const unknown = list.find(({ name }) => !Object.hasOwn(fields, name))
  if (unknown !== undefined) {
    const message = `(#100) Tried accessing nonexisting field (${unknown.name}) on node type (${type})`
    return Effect.fail(new Refused({ code: 100, graph: { type: "OAuthException", message } }))
  }
  const chosen = Object.fromEntries(list.map(({ inside, name }) => [name, within(fields[name], inside)]))
  return Effect.succeed(compact({ ...chosen, id: fields.id }))
}

const within = (value: Schema.Json | undefined, inside: ReadonlyArray<Wanted>): Schema.Json | undefined => {
  if (inside.length === 0 || typeof value !== "object" || value === null) return value
  if (isList(value)) return value.map((one) => within(one, inside) ?? null)
  const fields: Fields = value
  return compact(Object.fromEntries(inside.map((one) => [one.name, within(own(fields, one.name), one.inside)])))
}

const own = (fields: Fields, name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined)

const isList: (value: Schema.Json) => value is Schema.JsonArray = Array.isArray
