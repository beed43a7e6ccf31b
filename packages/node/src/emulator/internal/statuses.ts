/** The statuses of one message, in Meta's words. */
import type * as Schema from "effect/Schema"
import type { Tick } from "../Activity.ts"
import type { StatusPart } from "../Delivery.ts"
import type { Person, Sent } from "../Person.ts"
import { compact } from "./envelope.ts"
import * as GraphError from "./graphError.ts"

export interface About {
  readonly sent: Sent
  /** Absent for a group. */
  readonly person: Person | undefined
  readonly groupId: string | undefined
  /** Pricing category, as in `service`. */
  readonly category: string
}

/** `priced` is true for `sent` and for one of the others. */
export const part = (about: About, tick: Tick, epochMillis: number, priced: boolean): StatusPart => {
  const { category, groupId, person, sent } = about
  const seconds = Math.floor(epochMillis / 1000)
  const conversation = compact({
    id: conversationId(sent.wamid),
    expiration_timestamp: tick === "sent" ? String(seconds + 86_400) : undefined,
    origin: { type: category }
  })
  return {
    phoneNumberId: sent.phoneNumberId,
    wamid: sent.wamid,
    ...(person === undefined ? {} : { person }),
    status: compact({
      id: sent.wamid,
      status: tick,
      timestamp: String(seconds),
      recipient_id: groupId ?? person?.phone,
      recipient_type: groupId === undefined ? undefined : "group",
      recipient_user_id: person?.userId,
      recipient_parent_user_id: person?.parentUserId,
      biz_opaque_callback_data: sent.callbackData,
      conversation: priced ? conversation : undefined,
      pricing: priced ? pricing(category) : undefined
    })
  }
}

/** The `failed` status, which has no contacts, and no BSUID when it went to a phone number. */
export const failed = (about: About, code: number, details: string | undefined, epochMillis: number): StatusPart => {
  const { groupId, person, sent } = about
  const phone = person?.phone
  return {
    phoneNumberId: sent.phoneNumberId,
    wamid: sent.wamid,
    status: compact({
      id: sent.wamid,
      status: "failed",
      timestamp: String(Math.floor(epochMillis / 1000)),
      recipient_id: groupId ?? phone,
      recipient_type: groupId === undefined ? undefined : "group",
      recipient_user_id: phone === undefined ? person?.userId : undefined,
      biz_opaque_callback_data: sent.callbackData,
      errors: [GraphError.inStatus(code, details)]
    })
  }
}

/** On v23 every message is a conversation of its own. */
const conversationId = (wamid: string): string => Buffer.from(wamid).toString("hex").slice(-32)

/** A free answer inside the customer service window, or a template by its category. */
const pricing = (category: string): Schema.JsonObject => {
  const isFree = category === "service"
  return {
    billable: !isFree,
    pricing_model: "PMP",
    type: isFree ? "free_customer_service" : "regular",
    category
  }
}
