/** A person on WhatsApp. Since 2026 the phone number may be missing, before 2026 the BSUID is, so nothing is certain. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, WaId } from "./Ids.ts"

/** Schema for all that Meta told about a person; key by `userId`, else by `waId`, never by a name. */
export const WhatsAppUser = Schema.Struct({
  /** Phone number in WhatsApp's spelling. */
  waId: Schema.optionalKey(WaId),
  /** Business-scoped user id (BSUID); made anew when the person changes their phone number. */
  userId: Schema.optionalKey(BusinessScopedUserId),
  /** The BSUID over several linked business portfolios. */
  parentUserId: Schema.optionalKey(BusinessScopedUserId),
  /** Handle chosen by the person, who may change it at will. */
  username: Schema.optionalKey(Schema.String),
  /** Display name chosen by the person: untrusted text. */
  profileName: Schema.optionalKey(Schema.String)
})
export type WhatsAppUser = typeof WhatsAppUser.Type
