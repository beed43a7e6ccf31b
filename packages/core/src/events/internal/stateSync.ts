/** A change of the business's address book as an event. */
import * as Result from "effect/Result"
import * as ConversationId from "../../domain/ConversationId.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import { StateSync } from "../../wire/StateSync.ts"
import { decode, type Decoder, numberOf, unknownField } from "./decoder.ts"
import { phoneOf } from "./named.ts"

const decodeWire = decode(StateSync)

export const decodeStateSync: Decoder = (json, around) =>
  Result.gen(function* () {
    const { action, contact, metadata, type } = yield* decodeWire(json)
    if ((first(type) ?? "contact") !== "contact" && !contact) return unknownField(around)
    const phoneNumberId = yield* numberOf(around, "contact")
    const user: WhatsAppUser = present({
      waId: phoneOf(contact?.phone_number),
      userId: contact?.user_id,
      parentUserId: contact?.parent_user_id,
      username: contact?.username
    })
    return {
      event: {
        _tag: "ContactSynced" as const,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, user, undefined, around.field),
        user,
        action,
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          type,
          fullName: contact?.full_name,
          firstName: contact?.first_name,
          timestamp: metadata?.timestamp
        })
      },
      person: { user, otherwise: around.field }
    }
  })
