/** An item of `smb_app_state_sync`: the business changed its address book in the Business app. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, optional, Text, UnixSeconds, Username } from "./scalars.ts"

export const StateSync = Schema.Struct({
  type: lenient(Text),
  action: Text,
  contact: optional(
    Schema.Struct({
      phone_number: optional(Text),
      user_id: optional(id(BusinessScopedUserId)),
      parent_user_id: optional(id(BusinessScopedUserId)),
      username: lenient(Username),
      full_name: lenient(Text),
      first_name: lenient(Text)
    })
  ),
  metadata: lenient(Schema.Struct({ timestamp: lenient(UnixSeconds) }))
})
