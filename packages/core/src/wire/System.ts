/** The object under `system`: a change that WhatsApp reports about a person. Older spellings are read too. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, Phone, Text, YesNo } from "./scalars.ts"

export const System = Schema.Struct({
  type: lenient(Text),
  body: lenient(Text),
  /** The new phone number. */
  wa_id: lenient(Phone),
  /** The new phone number, in payloads of before 2022. */
  new_wa_id: lenient(Phone),
  /** The old phone number, in payloads of before 2022. */
  customer: lenient(Phone),
  user_id: lenient(id(BusinessScopedUserId)),
  parent_user_id: lenient(id(BusinessScopedUserId)),
  previous_user_id: lenient(id(BusinessScopedUserId)),
  previous_parent_user_id: lenient(id(BusinessScopedUserId)),
  /** Hash of a new identity key. */
  identity: lenient(Text)
})
export type System = typeof System.Type

/** The object under `identity` that stood beside older system messages. */
export const Identity = Schema.Struct({ acknowledged: lenient(YesNo), hash: lenient(Text) })
