/** What stands around the messages of a shared chat history, and what such a message has beyond others. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, lenientArray, Number, Text, Username } from "./scalars.ts"

/** A piece of the history. */
export const Chunk = Schema.Struct({
  metadata: lenient(Schema.Struct({ phase: lenient(Number), chunk_order: lenient(Number), progress: lenient(Number) }))
})
export type Chunk = typeof Chunk.Type

/** `history`: pieces, of which each one stands alone. */
export const History = Schema.Struct({ history: lenientArray(Chunk) })

/** The chat with one customer, whose phone number `id` is. */
export const Thread = Schema.Struct({
  id: lenient(Text),
  context: lenient(
    Schema.Struct({
      wa_id: lenient(Text),
      user_id: lenient(id(BusinessScopedUserId)),
      parent_user_id: lenient(id(BusinessScopedUserId)),
      username: lenient(Username)
    })
  )
})
export type Thread = typeof Thread.Type

/** What a message of the history has beyond others. */
export const Past = Schema.Struct({ history_context: lenient(Schema.Struct({ status: lenient(Text) })) })
export type Past = typeof Past.Type
