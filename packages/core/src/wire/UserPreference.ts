/** An item of `user_preferences`: what a customer does or does not want to be sent. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, optional, Phone, Text, UnixSeconds } from "./scalars.ts"

export const UserPreference = Schema.Struct({
  wa_id: optional(Phone),
  user_id: optional(id(BusinessScopedUserId)),
  parent_user_id: optional(id(BusinessScopedUserId)),
  category: lenient(Text),
  value: Text,
  signup_id: lenient(Text),
  detail: lenient(Text),
  timestamp: UnixSeconds
})
