/** An item of `statuses` as an event. */
import * as Result from "effect/Result"
import type * as Types from "effect/Types"
import type { DeliveryStatus } from "../../domain/DeliveryStatus.ts"
import { asGroupId, asWaId } from "../../domain/brands.ts"
import { spelled } from "../../domain/PhoneNumber.ts"
import { first, present } from "../../internal/present.ts"
import * as Json from "../../wire/Json.ts"
import * as Wire from "../../wire/Status.ts"
import { itemKey } from "../itemKeys.ts"
import { messageStateKey, participantOf, type StatusUpdate } from "../StatusUpdate.ts"
import { decodeCallStatus } from "./call.ts"
import { personOf } from "./contacts.ts"
import { decode, type Decoder, numberOf, type Surroundings, unknownField } from "./decoder.ts"
import { errorsOf } from "./errors.ts"
import { decodePaymentStatus } from "./payment.ts"

const decodeWire = decode(Wire.Status)

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map([
  ["sent", "Sent"],
  ["delivered", "Delivered"],
  ["read", "Read"],
  ["played", "Played"],
  ["failed", "Failed"]
])

/** The kinds of statuses that are about something else than a message. */
const others: { readonly [type: string]: Decoder } = {
  payment: decodePaymentStatus,
  call: decodeCallStatus
}

export const decodeStatus: Decoder = (json, around) => {
  const type = Json.isJsonObject(json) && typeof json.type === "string" ? json.type : ""
  if (type === "" || type === "message") return decodeMessageStatus(json, around)
  const other = Object.hasOwn(others, type) ? others[type] : undefined
  return other === undefined ? Result.succeed(unknownField(around)) : other(json, around)
}

const decodeMessageStatus: Decoder = (json, around) => {
  const decoded = decodeWire(json)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const number = numberOf(around, "status")
  if (Result.isFailure(number)) return Result.fail(number.failure)
  const wire = decoded.success
  const phoneNumberId = number.success
  const status = wire.status.toLowerCase()
  const event: Types.Mutable<StatusUpdate> = {
    _tag: "StatusUpdate",
    wamid: wire.id,
    phoneNumberId,
    status: statuses.get(status) ?? "Unknown",
    timestamp: wire.timestamp,
    recipient: recipientOf(wire, around),
    errors: errorsOf(wire.errors),
    stale: false,
    raw: around.raw
  }
  const pricing = pricingOf(wire.pricing ?? wire.conversation?.pricing)
  const conversation = conversationOf(wire.conversation)
  if (around.businessAccountId) event.businessAccountId = around.businessAccountId
  if (pricing !== undefined) event.pricing = pricing
  if (conversation !== undefined) event.conversation = conversation
  if (wire.biz_opaque_callback_data) event.callbackData = wire.biz_opaque_callback_data
  // Statuses of one message to one person run in a lane of their own, so that a handler may wait for them.
  const lane = `${phoneNumberId}/${messageStateKey(event)}`
  return Result.succeed({ event, key: itemKey("status", wire.id, participantOf(event), status), lane })
}

const recipientOf = (status: Wire.Status, around: Surroundings): StatusUpdate["recipient"] => {
  const isGroup = status.recipient_type?.toLowerCase() === "group" || Boolean(status.group_id)
  const recipientId = first(status.recipient_id, status.message?.recipient_id)
  if (!isGroup) {
    const named = {
      waId: recipientId === undefined ? undefined : asWaId(spelled(recipientId)),
      userId: first(status.recipient_user_id),
      parentUserId: first(status.recipient_parent_user_id, status.parent_recipient_user_id, status.parent_user_id)
    }
    return personOf(named, around.contacts)
  }
  const groupId = first(status.group_id, recipientId === undefined ? undefined : asGroupId(recipientId))
  const participant = {
    waId: first(status.recipient_participant_id, status.participant_recipient_id),
    userId: first(status.recipient_participant_user_id),
    parentUserId: first(status.recipient_participant_parent_user_id)
  }
  return { ...personOf(participant, around.contacts), ...present({ groupId }) }
}

const pricingOf = (pricing: Wire.Pricing | undefined): StatusUpdate["pricing"] =>
  pricing
    ? present({
        model: pricing.pricing_model,
        billable: pricing.billable,
        type: first(pricing.type, pricing.pricing_type),
        category: pricing.category
      })
    : undefined

const conversationOf = (conversation: Wire.Conversation | undefined): StatusUpdate["conversation"] =>
  conversation
    ? present({
        id: conversation.id,
        expiresAt: conversation.expiration_timestamp,
        origin: conversation.origin?.type
      })
    : undefined
