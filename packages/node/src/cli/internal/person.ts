/** A person as the command line names them: by a phone number in any spelling, or by a BSUID. */
import { WaId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { Recipient } from "@effect-whatsapp/core/message"
import * as Result from "effect/Result"
import * as SchemaParser from "effect/SchemaParser"

const parse = SchemaParser.decodeResult(Recipient.Recipient)
const userOf = Recipient.match({
  Phone: ({ digits }): WhatsAppUser | undefined => ({ waId: WaId.make(digits) }),
  User: ({ userId }) => ({ userId }),
  Group: () => undefined
})

export const expected = "a phone number with country code, or a BSUID"

/** Nothing when the text names no person. */
export const readPerson = (text: string): WhatsAppUser | undefined =>
  Result.getOrUndefined(Result.map(parse(text), userOf))
