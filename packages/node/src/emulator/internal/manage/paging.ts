/** Pages of a list, with cursors. A cursor outlives what it points to. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as Schema from "effect/Schema"
import type { TemplateStanding } from "../../Standing.ts"
import { compact, type Fields } from "../envelope.ts"
import { query, type World } from "../graph.ts"
import type { Refused } from "../graphError.ts"
import { invalid } from "../sendIssue.ts"
import * as Parameters from "./parameters.ts"

/** Something in a list, which is in the order of `place`. */
interface Placed {
  readonly place: number
}

interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly paging: Fields | undefined
}

const usualLimit = 25
const maxLimit = 100

export const page = Effect.fnUntraced(function* <A extends Placed>(
  world: World,
  request: HttpServerRequest.HttpServerRequest,
  token: string,
  given: Parameters.Parameters,
  all: ReadonlyArray<A>,
  pages: TemplateStanding["pages"] = "full"
): Effect.fn.Return<Page<A>, Refused> {
  const limit = yield* limitIn(given)
  const size = pages === "short" ? Math.max(1, Math.floor(limit / 2)) : limit
  const after = yield* cursorIn(given, "after")
  const before = yield* cursorIn(given, "before")
  const link = (cursor: { readonly [name: string]: string }): string => {
    const kept = new URLSearchParams(query(request))
    kept.delete("after")
    kept.delete("before")
    // Meta writes the token into the URL.
    kept.set("access_token", token)
    kept.set("limit", String(limit))
    for (const [key, value] of Object.entries(cursor)) kept.set(key, value)
    return `${world.url}${request.url.replace(/\?.*$/s, "")}?${kept.toString()}`
  }
  if (pages === "withEmpty" && after !== undefined && !after.wasEmpty) {
    const next = encode({ ...after, wasEmpty: true })
    const cursors = { before: next, after: next }
    return { items: [], paging: { cursors, next: link({ after: next }) } }
  }
  const from = all.filter((one) => after === undefined || one.place > after.place)
  const inside = from.filter((one) => before === undefined || one.place < before.place)
  const items = before !== undefined && after === undefined ? inside.slice(-size) : inside.slice(0, size)
  const [first] = items
  const last = items.at(-1)
  if (first === undefined || last === undefined) return { items, paging: undefined }
  const cursors = { before: encode({ ...first, wasEmpty: false }), after: encode({ ...last, wasEmpty: false }) }
  return {
    items,
    paging: compact({
      cursors,
      previous: all.some((one) => one.place < first.place) ? link({ before: cursors.before }) : undefined,
      next: all.some((one) => one.place > last.place) ? link({ after: cursors.after }) : undefined
    })
  }
})

/** The answer. */
export const listed = (page: Page<unknown>, data: Schema.JsonArray, more: Fields = {}): Schema.JsonObject =>
  compact({ data, paging: page.paging, ...more })

const limitIn = Effect.fnUntraced(function* (given: Parameters.Parameters): Effect.fn.Return<number, Refused> {
  const limit = yield* Parameters.text(given, "limit")
  if (limit === undefined) return usualLimit
  if (/^\d{1,9}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= maxLimit) return Number(limit)
  return yield* invalid(`Param limit must be an integer from 1 to ${maxLimit}.`)
})

interface Cursor extends Placed {
  readonly wasEmpty: boolean
}

const encode = ({ place, wasEmpty }: Cursor): string =>
  Buffer.from(`${place}${wasEmpty ? "e" : ""}`).toString("base64url")

const cursorIn = Effect.fnUntraced(function* (
  given: Parameters.Parameters,
  name: "after" | "before"
): Effect.fn.Return<Cursor | undefined, Refused> {
  const text = yield* Parameters.text(given, name)
  if (text === undefined || text === "") return undefined
  const [, place, wasEmpty] = /^(\d{1,12})(e?)$/.exec(Buffer.from(text, "base64url").toString()) ?? []
  return place === undefined
    ? yield* invalid(`Param ${name} is no cursor of this list.`)
    : { place: Number(place), wasEmpty: wasEmpty === "e" }
})
