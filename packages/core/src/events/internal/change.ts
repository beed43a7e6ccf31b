/** Fields whose change is itself the item: one event that names no person, in order with the others of its field. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { WhatsAppEvent } from "../WhatsAppEvent.ts"
import { accountOf, decode, type Decoder, fieldLane } from "./decoder.ts"

/** A decoder of such changes: the schema of the value, and the event that it becomes. */
export const changeOf = <A>(
  schema: Schema.Codec<A, unknown>,
  toEvent: (value: A, account: ReturnType<typeof accountOf>) => WhatsAppEvent
): Decoder => {
  const decodeValue = decode(schema)
  return (json, around) =>
    Result.map(decodeValue(json), (value) => ({ event: toEvent(value, accountOf(around)), lane: fieldLane(around) }))
}
