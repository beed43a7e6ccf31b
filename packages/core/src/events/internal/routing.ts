/** Who answers a conversation, and what is said in those that another responder answers, as events. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as ConversationId from "../../domain/ConversationId.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/Handover.ts"
import { isJsonObject } from "../../wire/Json.ts"
import { itemKey } from "../itemKeys.ts"
import { contentOf } from "./content.ts"
import { at, decode, type Decoder, expected, numberOf } from "./decoder.ts"
import { contextOf, readMessage, referralOf, writerOf } from "./message.ts"
import { phoneOf } from "./named.ts"
import { decodeStatus } from "./status.ts"

const decodeWire = decode(Wire.Handover)
const decodeDetails = decode(Wire.Details)

export const decodeHandover: Decoder = (json, around) =>
  Result.gen(function* () {
    const handover = yield* decodeWire(json)
    const { recipient, sender, timestamp, type } = handover
    const phoneNumberId = first(recipient?.phone_number_id, around.phoneNumberId)
    if (phoneNumberId === undefined) {
      return yield* Result.fail(at("recipient", "phone_number_id")(expected("the id of the number")))
    }
    const key = keyOfDetails(around.value, first(type))
    const change = first(type, key)
    if (change === undefined) return yield* Result.fail(at("type")(expected("what happened")))
    const details: Wire.Details =
      key === undefined ? {} : yield* Result.mapError(decodeDetails(around.value[key]), at(key))
    const user: WhatsAppUser = present({
      waId: phoneOf(sender?.phone_number, sender?.wa_id),
      userId: sender?.user_id,
      parentUserId: sender?.parent_user_id
    })
    return {
      event: {
        _tag: "ConversationControlChanged" as const,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, user, undefined, around.field),
        user,
        change,
        timestamp,
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          previousOwnerAppId: details.previous_owner_app_id,
          previousOwnerRole: first(details.previous_owner_role, details.previous_owner_app_role),
          newOwnerAppId: details.new_owner_app_id,
          newOwnerRole: details.new_owner_role,
          metadata: details.metadata,
          summary: first(details.conversation_context?.summary?.text, handover.conversation_context?.summary?.text)
        })
      },
      person: { user, otherwise: around.field }
    }
  })

/** Members of the value that do not say what happened. */
const others: ReadonlySet<string> = new Set([...Object.keys(Wire.Handover.fields), "metadata", "messaging_product"])

/** Old forms have no `type`: the object about the control then tells it, or else the first beside the persons. */
const keyOfDetails = (value: Schema.JsonObject, type: string | undefined): string | undefined => {
  const keys = Object.keys(value).filter((key) => !others.has(key) && value[key] !== null)
  return (
    keys.find((key) => key === type) ??
    keys.find((key) => type === undefined && key.includes("control")) ??
    keys.find((key) => isJsonObject(value[key]))
  )
}

/** A copy of what a customer wrote. */
export const decodeStandbyMessage: Decoder = (json, around) =>
  Result.gen(function* () {
    const { errors, fields, header, type } = yield* readMessage(json, around)
    const phoneNumberId = yield* numberOf(around, "message")
    const user = writerOf(header, around.contacts)
    const group = present({ groupId: header.group_id })
    return {
      event: {
        _tag: "StandbyMessageReceived" as const,
        wamid: header.id,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, user, group.groupId, header.id),
        user,
        ...group,
        timestamp: header.timestamp,
        content: yield* contentOf(fields, type, errors),
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          context: contextOf(header.context),
          referral: referralOf(header.referral)
        })
      },
      key: itemKey("message", header.id),
      person: { user, ...group, otherwise: header.id }
    }
  })

/** A copy of a status; one that is about no message is what it is everywhere. */
export const decodeStandbyStatus: Decoder = (json, around) =>
  Result.map(decodeStatus(json, around), (decoded) => {
    if (decoded.event._tag !== "StatusUpdate") return decoded
    const { _tag: _, stale: __, ...status } = decoded.event
    return { ...decoded, event: { _tag: "StandbyStatusUpdate", ...status } }
  })
