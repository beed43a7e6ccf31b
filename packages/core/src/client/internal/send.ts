/** Sends: a body that is checked before it leaves, one request, and a key by which a status settles what is unclear. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { InvalidMessage } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import { given, present } from "../../internal/present.ts"
import { invalidMessage } from "../../message/internal/invalid.ts"
import { type Message, type Raw, warnings } from "../../message/Message.ts"
import { hasGif } from "../../message/template/Component.ts"
import * as Recipient from "../../message/Recipient.ts"
import * as SendAnswer from "../../wire/SendAnswer.ts"
import * as SendMessage from "../../wire/SendMessage.ts"
import type { Marketing, SendOptions, WhatsAppClient } from "../WhatsAppClient.ts"
import * as Retry from "../Retry.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import * as Graph from "./graph.ts"
import { secretsOf } from "./secrets.ts"

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)
const decodeAccepted = SchemaParser.decodeUnknownResult(SendAnswer.Accepted)

const method = "WhatsAppClient.send"
const invalid = invalidMessage(method)

export const make = (
  config: WhatsAppConfig["Service"],
  http: HttpClient.HttpClient
): Pick<WhatsAppClient["Service"], "send" | "reply"> => {
  const call = Graph.make(http)

  const send = Effect.fn(method)(function* (
    recipient: Recipient.Recipient | string,
    message: Message | Raw,
    options?: SendOptions
  ) {
    const to =
      typeof recipient === "string"
        ? yield* Effect.mapError(parseRecipient(recipient), invalidMessage(method, ["to"]))
        : recipient
    // Status events echo this, so an ambiguous outcome can be settled later.
    const callbackData = options?.callbackData ?? SecureRandom.uuidV4Unsafe()
    const { marketing } = options ?? {}
    const body = yield* SendMessage.encode({
      to,
      message,
      callbackData,
      ...given({
        identityKeyHash: options?.identityKeyHash,
        messagingAccountId: options?.messagingAccountId,
        directSend: options?.directSend,
        marketing: Predicate.isObject(marketing) && isEmpty(marketing) ? toMarketing : marketing
      })
    }).pipe(Effect.mapError(invalid))
    const advice = message.type === "raw" ? [] : warnings(message)
    if (advice.length > 0) yield* Effect.logWarning(`${method}: ${advice.join("; ")}`)
    const { from, token } = yield* Graph.numberOf(config, method, options?.from)
    yield* Effect.annotateCurrentSpan({
      "whatsapp.phone_number_id": from,
      "whatsapp.recipient_type": to._tag,
      "whatsapp.message_type": message.type
    })
    const endpoint = marketing === undefined && !isMarketing(message) ? "messages" : "marketing_messages"
    const request = yield* HttpClientRequest.post(Graph.urlOf(config, from, endpoint)).pipe(
      HttpClientRequest.bodyJson(body),
      Effect.mapError(() =>
        invalid(new SchemaIssue.InvalidValue({ expected: "a message that can be written as JSON" }))
      )
    )
    const once = call({
      method,
      token,
      request,
      decode: decodeAccepted,
      callbackData,
      secrets: () => secretsOf(to, message)
    })
    const accepted = yield* options?.retry === undefined ? once : Retry.byVerdict(options.retry)(once)
    const [{ id, message_status }] = accepted.messages
    yield* Effect.annotateCurrentSpan("whatsapp.wamid", id)
    const contact = accepted.contacts?.[0]
    return { wamid: id, ...present({ waId: contact?.wa_id, userId: contact?.user_id, status: message_status }) }
  })

  return {
    send,
    reply: (event, message, options) =>
      Effect.suspend(() =>
        Option.match(Recipient.of(event), {
          onNone: () => Effect.fail(noSender()),
          onSome: (to) => send(to, message, { ...options, from: options?.from ?? event.phoneNumberId })
        })
      )
  }
}

/** What the Cloud API would refuse. */
const isMarketing = (message: Message | Raw) => message.type === "template" && hasGif(message.template.components)

/** What says that it goes through the Marketing Messages API, where nothing else does: Meta's default. */
const toMarketing = { productPolicy: "CLOUD_API_FALLBACK" } as const

const isEmpty = ({ activitySharing, productPolicy }: Marketing) =>
  activitySharing === undefined && productPolicy === undefined

const noSender = () =>
  new WhatsAppError({
    method: "WhatsAppClient.reply",
    reason: new InvalidMessage({
      field: "to",
      details: "to: the sender of the event has neither phone number nor BSUID"
    })
  })
