/** An item of `statuses` as an event. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import type { DeliveryStatus } from "../../domain/DeliveryStatus.ts"
import { GroupId, WaId } from "../../domain/Ids.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/Status.ts"
import type { Decoded, Surroundings } from "../Incoming.ts"
import { messageStateKey, type StatusUpdate } from "../StatusUpdate.ts"
import { personOf } from "./contacts.ts"
import { errorsOf } from "./errors.ts"

const decode = SchemaParser.decodeUnknownResult(Wire.Status)

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map([
  ["sent", "Sent"],
  ["delivered", "Delivered"],
  ["read", "Read"],
  ["played", "Played"],
  ["failed", "Failed"]
])

export const decodeStatus = (raw: Schema.Json, around: Surroundings): Result.Result<Decoded, SchemaIssue.Issue> =>
  Result.gen(function* () {
    const status = yield* decode(raw)
    const { phoneNumberId } = around
    if (phoneNumberId === undefined) {
      return yield* Result.fail(
        new SchemaIssue.InvalidValue({ expected: "metadata.phone_number_id beside the status" })
      )
    }
    const { businessAccountId, field } = around
    if ((first(status.type) ?? "message") !== "message") {
      // A payment: its id is no message, so it is no status of one.
      const origin = present({ phoneNumberId, businessAccountId })
      return { event: { _tag: "UnknownFieldReceived", ...origin, field, list: "statuses", raw } }
    }
    const event: StatusUpdate = {
      _tag: "StatusUpdate",
      wamid: status.id,
      phoneNumberId,
      ...present({ businessAccountId }),
      status: statuses.get(status.status.toLowerCase()) ?? "Unknown",
      timestamp: status.timestamp,
      recipient: recipientOf(status, around),
      errors: errorsOf(status.errors),
      stale: false,
      raw,
      ...present({
        pricing: pricingOf(status.pricing ?? status.conversation?.pricing),
        conversation: conversationOf(status.conversation),
        callbackData: status.biz_opaque_callback_data
      })
    }
    // Statuses of one message to one person run in a lane of their own, so that a handler may wait for them.
    const of = messageStateKey(event)
    return { event, key: `${of}/${status.status.toLowerCase()}`, lane: `${phoneNumberId}/${of}` }
  })

const recipientOf = (status: Wire.Status, around: Surroundings): StatusUpdate["recipient"] => {
  const isGroup = status.recipient_type === "group" || Boolean(status.group_id)
  if (!isGroup) {
    return personOf(
      present({
        waId: status.recipient_id ? WaId.make(status.recipient_id) : undefined,
        userId: status.recipient_user_id,
        parentUserId: first(status.recipient_parent_user_id, status.parent_recipient_user_id, status.parent_user_id)
      }),
      around.contacts
    )
  }
  const groupId = first(status.group_id, status.recipient_id ? GroupId.make(status.recipient_id) : undefined)
  const participant = present({
    waId: first(status.recipient_participant_id, status.participant_recipient_id),
    userId: status.recipient_participant_user_id,
    parentUserId: status.recipient_participant_parent_user_id
  })
  return { ...personOf(participant, around.contacts), ...present({ groupId }) }
}

const pricingOf = (pricing: Wire.Pricing | null | undefined): StatusUpdate["pricing"] =>
  pricing
    ? present({
        model: pricing.pricing_model,
        billable: pricing.billable,
        type: first(pricing.type, pricing.pricing_type),
        category: pricing.category
      })
    : undefined

const conversationOf = (conversation: Wire.Conversation | null | undefined): StatusUpdate["conversation"] =>
  conversation
    ? present({
        id: conversation.id,
        expiresAt: conversation.expiration_timestamp,
        origin: conversation.origin?.type
      })
    : undefined
