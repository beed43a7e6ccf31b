/** What can be asked of an inbox from outside of its process, as data, and how it is done. */
import { WhatsAppUser } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Inbox from "../Inbox.ts"

const Ids = Schema.Union([Schema.Literal("all"), Schema.Array(Schema.String)])

export const Request = Schema.Union([
  Schema.TaggedStruct("requeue", { ids: Ids }),
  Schema.TaggedStruct("remove", { ids: Ids }),
  Schema.TaggedStruct("forget", { user: WhatsAppUser })
]).pipe(Schema.toTaggedUnion("_tag"))
export type Request = typeof Request.Type

/** Dead letters by whether there were such. */
export const Letters = Schema.TaggedStruct("letters", {
  done: Schema.Array(Schema.String),
  unknown: Schema.Array(Schema.String)
})
export type Letters = typeof Letters.Type

const Forgotten = Schema.TaggedStruct("forgotten", {
  deliveries: Schema.Int,
  tasks: Schema.Int,
  dead: Schema.Int,
  running: Schema.Int
})

export const Answer = Schema.Union([
  Letters,
  Forgotten,
  Schema.TaggedStruct("failed", { details: Schema.String })
]).pipe(Schema.toTaggedUnion("_tag"))
export type Answer = typeof Answer.Type

/** How many letters are changed in one commit. */
const atOnce = 1000

/** Does what is asked, and answers when that is kept. */
export const perform = (inbox: Inbox.Inbox["Service"], request: Request): Effect.Effect<Answer> => {
  const each = Effect.fnUntraced(function* (
    ids: "all" | ReadonlyArray<string>,
    change: (id: string) => Effect.Effect<boolean, InboxError>
  ) {
    const all = ids === "all" ? (yield* inbox.list).map(({ task }) => task.id) : ids
    const [done, unknown]: [Array<string>, Array<string>] = [[], []]
    for (const some of Arr.chunksOf(all, atOnce)) {
      const found = yield* Effect.forEach(some, change, { concurrency: "unbounded" })
      some.forEach((id, index) => (found[index] === true ? done : unknown).push(id))
    }
    return { _tag: "letters" as const, done, unknown: ids === "all" ? [] : unknown }
  })
  return Request.match(request, {
    requeue: ({ ids }): Effect.Effect<Answer, InboxError> => each(ids, inbox.requeue),
    remove: ({ ids }) => each(ids, inbox.remove),
    forget: ({ user }) => Effect.map(inbox.forget(user), (found) => ({ _tag: "forgotten" as const, ...found }))
  }).pipe(Effect.catch(({ details }) => Effect.succeed({ _tag: "failed" as const, details })))
}
