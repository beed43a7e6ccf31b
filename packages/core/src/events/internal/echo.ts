/** What someone else sent in the name of the business, as an event. */
import * as Result from "effect/Result"
import * as ConversationId from "../../domain/ConversationId.ts"
import { asGroupId } from "../../domain/brands.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/Echo.ts"
import { isJsonObject } from "../../wire/Json.ts"
import { itemKey } from "../itemKeys.ts"
import { personOf } from "./contacts.ts"
import { contentOf } from "./content.ts"
import { at, decode, type Decoder, numberOf, unknownField } from "./decoder.ts"
import { contextOf, readMessage } from "./message.ts"
import { namedBy } from "./named.ts"

export const decodeRecipient = decode(Wire.Recipient)
const decodeBody = decode(Wire.Body)
const decodeStandby = decode(Wire.StandbyEcho)

/** Who a message went to. */
export const recipientOf = ({ to, to_parent_user_id, to_user_id }: Wire.Recipient): WhatsAppUser =>
  present({ waId: to, userId: to_user_id, parentUserId: to_parent_user_id })

/** An echo of what was written in the Business app. */
export const decodeEcho: Decoder = (json, around) =>
  Result.gen(function* () {
    const { errors, fields, header, type } = yield* readMessage(json, around)
    const recipient = personOf(recipientOf(yield* decodeRecipient(json)), around.contacts)
    const phoneNumberId = yield* numberOf(around, "echo")
    const group = present({ groupId: header.group_id })
    return {
      event: {
        _tag: "MessageEchoed" as const,
        wamid: header.id,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, recipient, group.groupId, header.id),
        recipient,
        ...group,
        timestamp: header.timestamp,
        content: yield* contentOf(fields, type, errors),
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          from: header.from,
          context: contextOf(header.context)
        })
      },
      key: itemKey("echo", header.id),
      person: { user: recipient, ...group, otherwise: header.id }
    }
  })

/** An echo of what another responder sent: the body of its request, whose phone number is spelled as it liked. */
export const decodeStandbyEcho: Decoder = (json, around) =>
  Result.gen(function* () {
    const echo = yield* decodeStandby(json)
    const body = yield* Result.mapError(decodeBody(echo.message), at("message"))
    const phoneNumberId = yield* numberOf(around, "echo")
    const isGroup = body.recipient_type === "group"
    const group = present({ groupId: isGroup && body.to ? asGroupId(body.to) : undefined })
    const named = { ...namedBy(body.recipient), ...namedBy(body.to) }
    const recipient = isGroup
      ? {}
      : personOf(
          present({
            waId: named.waId,
            userId: first(echo.to_user_id, named.userId),
            parentUserId: first(echo.to_parent_user_id, named.parentUserId)
          }),
          around.contacts
        )
    return {
      event: {
        _tag: "StandbyEchoed" as const,
        wamid: echo.id,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, recipient, group.groupId, echo.id),
        recipient,
        ...group,
        timestamp: echo.timestamp,
        message: echo.message,
        raw: around.raw,
        ...present({ businessAccountId: around.businessAccountId, template: echo.template, flow: echo.flow })
      },
      key: itemKey("echo", echo.id),
      person: { user: recipient, ...group, otherwise: echo.id }
    }
  })

/** An echo of a field whose items nobody has described: all that is known of it is that it has an id. */
export const decodeUnknownEcho: Decoder = (json, around) => {
  const id = isJsonObject(json) ? json.id : undefined
  const isReadable = (typeof id === "string" && id !== "") || typeof id === "number"
  return Result.succeed({ ...unknownField(around), ...(isReadable ? { key: itemKey("echo", String(id)) } : {}) })
}
