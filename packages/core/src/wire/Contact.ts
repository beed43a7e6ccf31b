/** The person behind an item: an entry of `value.contacts`. Not a shared contact card, which has the same name. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, optional, Phone, Text, Username } from "./scalars.ts"

export const Contact = Schema.Struct({
  profile: lenient(Schema.Struct({ name: lenient(Text), username: lenient(Username) })),
  wa_id: optional(Phone),
  user_id: optional(id(BusinessScopedUserId)),
  parent_user_id: optional(id(BusinessScopedUserId))
})
export type Contact = typeof Contact.Type
