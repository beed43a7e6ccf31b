/**
 * Sends messages through Meta's Graph API. A send is made once: Meta has no idempotency key, so a second try may be a
 * second copy on somebody's phone. The verdict of the error says whether trying again is safe.
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as SchemaParser from "effect/SchemaParser"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { BusinessScopedUserId, MessageId, PhoneNumberId, WaId } from "../domain/Ids.ts"
import {
  ConnectionFailed,
  InvalidMessage,
  NumberNotConfigured,
  OutcomeUnknown,
  type Reason
} from "../errors/reasons.ts"
import { WhatsAppError } from "../errors/WhatsAppError.ts"
import type { MessageEvent } from "../events/messages.ts"
import { present } from "../internal/present.ts"
import { invalidMessage } from "../message/internal/invalid.ts"
import type { Message } from "../message/Message.ts"
import * as Recipient from "../message/Recipient.ts"
import * as SendMessage from "../wire/SendMessage.ts"
import { readBody } from "./internal/body.ts"
import * as GraphError from "./internal/graphError.ts"
import { nothingSent } from "./internal/transport.ts"
import * as WhatsAppConfig from "./WhatsAppConfig.ts"

export interface SendOptions {
  /** The number that sends. @default the first of `WhatsAppConfig.numbers`; in a reply, the one that was written to */
  readonly from?: PhoneNumberId | undefined
  /** Echoed unchanged in status events, 1 to 512 characters. @default a random key */
  readonly callbackData?: string | undefined
}

/** Meta took the message; whether it arrives, a `StatusUpdate` with the same `wamid` tells. */
export interface SendResult {
  readonly wamid: MessageId
  /** WhatsApp's spelling of the phone, which need not be the one that was given. Absent for BSUIDs. */
  readonly waId?: WaId
  /** Set when a BSUID was addressed. */
  readonly userId?: BusinessScopedUserId
  /** `accepted`, `held_for_quality_assessment`, `paused`, and what Meta adds; mostly only for templates. */
  readonly status?: string
}

/** Service that sends. */
export class WhatsAppClient extends Context.Service<
  WhatsAppClient,
  {
    /**
     * Sends once, within 30 seconds. `to` is a recipient, or a string that is one: a phone number with country code, a
     * BSUID or a group id. Nothing leaves when the message breaks a documented limit (`InvalidMessage`); an error whose
     * verdict is `Ambiguous` carries the `callbackData` by which a status event settles it.
     */
    readonly send: (
      to: Recipient.Recipient | string,
      message: Message,
      options?: SendOptions
    ) => Effect.Effect<SendResult, WhatsAppError>
    /**
     * Sends to the group or person that wrote, from the number that was written to. It quotes only when the message has
     * `replyTo`. Fails with `InvalidMessage` when Meta named the sender in no way that can be sent to.
     */
    readonly reply: (
      event: MessageEvent,
      message: Message,
      options?: SendOptions
    ) => Effect.Effect<SendResult, WhatsAppError>
  }
>()("@effect-whatsapp/core/client/WhatsAppClient") {}

const timeout = "30 seconds"

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)
const encodeBody = SchemaParser.encodeEffect(SendMessage.Body, { onExcessProperty: "error" })

const fail = (reason: Reason) => new WhatsAppError({ method: "WhatsAppClient.send", reason })
const invalid = invalidMessage("WhatsAppClient.send")

/** Builds the client from `WhatsAppConfig` and an `HttpClient`. */
export const make: Effect.Effect<
  WhatsAppClient["Service"],
  never,
  WhatsAppConfig.WhatsAppConfig | HttpClient.HttpClient
> = Effect.gen(function* () {
  const config = yield* WhatsAppConfig.WhatsAppConfig
  const http = yield* HttpClient.HttpClient

  const send = Effect.fn("WhatsAppClient.send")(function* (
    given: Recipient.Recipient | string,
    message: Message,
    options?: SendOptions
  ) {
    const from = options?.from ?? config.defaultNumber
    const to =
      typeof given === "string"
        ? yield* Effect.mapError(parseRecipient(given), invalidMessage("WhatsAppClient.send", ["to"]))
        : given
    // Status events echo this, so an ambiguous outcome can be settled later.
    const callbackData = options?.callbackData ?? SecureRandom.uuidV4Unsafe()
    const body = yield* Effect.mapError(encodeBody({ to, message, callbackData }), invalid)
    const token = config.numbers.get(from)
    if (token === undefined) return yield* fail(notConfigured(from))
    yield* Effect.annotateCurrentSpan({
      "whatsapp.phone_number_id": from,
      "whatsapp.recipient_type": to._tag,
      "whatsapp.message_type": message._tag
    })

    const url = `${config.apiUrl}/${config.apiVersion}/${encodeURIComponent(from)}/messages`
    const request = HttpClientRequest.post(url).pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.bearerToken(token),
      HttpClientRequest.bodyJsonUnsafe(body)
    )
    const answer = yield* http.execute(request).pipe(
      Effect.flatMap((response) => Effect.map(readBody(response), (body) => ({ status: response.status, body }))),
      // HttpClientError ends here: it holds the request, and the request holds the token.
      Effect.mapError((error) => {
        const why = nothingSent(error)
        return fail(
          why === undefined
            ? new OutcomeUnknown({ callbackData, details: "the connection broke; the message may have been accepted" })
            : new ConnectionFailed({ details: `nothing was sent (${why})` })
        )
      }),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () =>
          Effect.fail(
            fail(
              new OutcomeUnknown({
                callbackData,
                details: `no answer within ${timeout}; the message may have been accepted`
              })
            )
          )
      })
    )
    const secrets = GraphError.secretsOf(Redacted.value(token), to, message)
    const accepted = yield* Effect.mapError(Effect.fromResult(GraphError.read(answer, { callbackData, secrets })), fail)
    const [{ id, message_status }] = accepted.messages
    yield* Effect.annotateCurrentSpan("whatsapp.wamid", id)
    const contact = accepted.contacts?.[0]
    return { wamid: id, ...present({ waId: contact?.wa_id, userId: contact?.user_id, status: message_status }) }
  })

  const reply: WhatsAppClient["Service"]["reply"] = (event, message, options) =>
    Option.match(Recipient.of(event), {
      onNone: () => Effect.fail(noSender()),
      onSome: (to) => send(to, message, { ...options, from: options?.from ?? event.phoneNumberId })
    })

  return WhatsAppClient.of({ send, reply })
})

const notConfigured = (from: PhoneNumberId) =>
  new NumberNotConfigured({ phoneNumberId: from, details: `no access token is configured for the number ${from}` })

const noSender = () =>
  new WhatsAppError({
    method: "WhatsAppClient.reply",
    reason: new InvalidMessage({
      field: "to",
      details: "to: the sender of the event has neither phone number nor BSUID"
    })
  })

/**
 * Layer that sends with the `HttpClient` it is provided with. Redirects are the affair of that client: `layerConfig`
 * follows none, and `fetch` by default follows them without the token.
 */
export const layer: Layer.Layer<WhatsAppClient, never, WhatsAppConfig.WhatsAppConfig | HttpClient.HttpClient> =
  Layer.effect(WhatsAppClient, make)

// Meta redirects no send, so whoever redirects gets neither the token nor the message.
const Fetch = Layer.provide(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }))

/** Layer that is configured by the environment, see `WhatsAppConfig.layerConfig`, and sends by `fetch`. */
export const layerConfig: Layer.Layer<WhatsAppClient, Config.ConfigError> = Layer.provide(layer, [
  WhatsAppConfig.layerConfig,
  Fetch
])
