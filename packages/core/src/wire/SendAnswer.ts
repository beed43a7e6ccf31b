/** The answer to `POST /{phone-number-id}/messages`. Meta page: "Messages" (reference). */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, MessageId, WaId } from "../domain/Ids.ts"
import { id, optional, Text } from "./scalars.ts"

/** Accepted for processing, and nothing more: what becomes of it, statuses tell. */
export const Accepted = Schema.Struct({
  contacts: optional(
    Schema.Array(
      Schema.Struct({
        input: optional(Text),
        /** WhatsApp's own spelling; empty or absent when a BSUID was addressed. */
        wa_id: optional(id(WaId)),
        user_id: optional(id(BusinessScopedUserId))
      })
    )
  ),
  messages: Schema.NonEmptyArray(
    Schema.Struct({
      id: id(MessageId.check(Schema.isNonEmpty())),
      /** `accepted`, `held_for_quality_assessment`, `paused`, and what Meta adds. */
      message_status: optional(Text)
    })
  )
})
export type Accepted = typeof Accepted.Type
