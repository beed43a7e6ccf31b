/**
 * The value of `messaging_handovers`: who answers a conversation from now on. What happened stands under the key that
 * is equal to `type`; the number is named by `recipient`, and not by `metadata` as in other fields.
 */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, PhoneNumberId } from "../domain/Ids.ts"
import { id, lenient, optional, Text, UnixSeconds } from "./scalars.ts"

const Summary = Schema.Struct({ summary: lenient(Schema.Struct({ text: lenient(Text) })) })

export const Handover = Schema.Struct({
  type: optional(Text),
  timestamp: UnixSeconds,
  sender: optional(
    Schema.Struct({
      phone_number: optional(Text),
      wa_id: optional(Text),
      user_id: optional(id(BusinessScopedUserId)),
      parent_user_id: optional(id(BusinessScopedUserId))
    })
  ),
  recipient: optional(Schema.Struct({ phone_number_id: optional(id(PhoneNumberId)) })),
  conversation_context: lenient(Summary)
})

/** The object named by `type`; Meta promises none of it. */
export const Details = Schema.Struct({
  previous_owner_app_id: lenient(Text),
  previous_owner_role: lenient(Text),
  /** An older spelling of the role. */
  previous_owner_app_role: lenient(Text),
  new_owner_app_id: lenient(Text),
  new_owner_role: lenient(Text),
  metadata: lenient(Text),
  conversation_context: lenient(Summary)
})
export type Details = typeof Details.Type
