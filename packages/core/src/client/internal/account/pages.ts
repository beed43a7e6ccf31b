/** Lists that come in pages: from cursor to cursor, never along `next`, which has the access token in it. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as Stream from "effect/Stream"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { UnexpectedAnswer } from "../../../errors/reasons.ts"
import { WhatsAppError } from "../../../errors/WhatsAppError.ts"
import * as Scalars from "../../../wire/scalars.ts"
import type * as Graph from "../graph.ts"
import { type Ask, fields } from "./ask.ts"
import { listOf } from "./nodes.ts"

/** Nodes of one page, which together have to stay below the size of an answer. */
const limit = "50"

const decodePage = SchemaParser.decodeUnknownResult(
  Schema.Struct({
    data: Schema.Array(Schema.Json),
    paging: Scalars.lenient(
      Schema.Struct({
        next: fields.text,
        cursors: Scalars.lenient(Schema.Struct({ after: fields.text }))
      })
    )
  })
)

export interface Listed<A> {
  /** Of the first page. */
  readonly request: HttpClientRequest.HttpClientRequest
  /** Of one node. */
  readonly decode: Graph.Call<A>["decode"]
}

const endless = (method: string, details: string) =>
  new WhatsAppError({
    method: `WhatsAppAccount.${method}`,
    reason: new UnexpectedAnswer({ status: 200, details: `HTTP 200 with a list that has no end: ${details}` })
  })

/**
 * All nodes of a list. A page may be short or empty while there are more. Fails when the next page cannot be asked for,
 * or is one that was there already.
 */
export const pagesOf = <A>(
  ask: Ask["ask"],
  method: string,
  listed: Effect.Effect<Listed<A>, WhatsAppError>
): Stream.Stream<A, WhatsAppError> =>
  Stream.unwrap(
    Effect.map(listed, ({ decode, request }) => {
      const nodes = listOf((json) => decode(json, undefined))
      const seen = new Set<string>()
      const page = Effect.fnUntraced(function* (after: string | undefined) {
        const { data, paging } = yield* ask({
          method,
          request: HttpClientRequest.setUrlParams(request, { limit, ...(after === undefined ? {} : { after }) }),
          decode: (json) => decodePage(json)
        })
        if (paging?.next === undefined) return [nodes(data), Option.none<string>()] as const
        const next = paging.cursors?.after
        if (next === undefined) return yield* endless(method, "there is more, and no cursor to ask for it with")
        if (seen.has(next)) return yield* endless(method, "a cursor came twice")
        seen.add(next)
        return [nodes(data), Option.some(next)] as const
      })
      return Stream.paginate(undefined as string | undefined, (after) => page(after))
    })
  )
