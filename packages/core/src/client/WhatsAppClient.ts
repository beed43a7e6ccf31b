/**
 * Sends messages and moves media through Meta's Graph API. A send is made once: Meta has no idempotency key, so a second
 * try may be a second copy on somebody's phone. The verdict of the error says whether trying again is safe.
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as HttpClient from "effect/http/HttpClient"
import type { BusinessScopedUserId, MessageId, PhoneNumberId, WaId } from "../domain/Ids.ts"
import type { WhatsAppError } from "../errors/WhatsAppError.ts"
import type { MessageEvent } from "../events/messages.ts"
import type { Message, Raw } from "../message/Message.ts"
import type * as Recipient from "../message/Recipient.ts"
import type * as Download from "./Download.ts"
import { fetchClient } from "./internal/fetchClient.ts"
import * as DownloadMedia from "./internal/download.ts"
import * as Media from "./internal/media.ts"
import * as Read from "./internal/read.ts"
import * as Resumable from "./internal/resumable.ts"
import * as Send from "./internal/send.ts"
import type * as Retry from "./Retry.ts"
import * as UploadMedia from "./internal/upload.ts"
import type * as Upload from "./Upload.ts"
import * as WhatsAppConfig from "./WhatsAppConfig.ts"

export interface SendOptions {
  /** The number that sends. @default the first of `WhatsAppConfig.numbers`; in a reply, the one that was written to */
  readonly from?: PhoneNumberId | undefined
  /** Echoed unchanged in status events, 1 to 512 characters. @default a random key */
  readonly callbackData?: string | undefined
  /** Deliver only if the person's identity still has this hash; else a `Failed` status 137000 follows. @default any */
  readonly identityKeyHash?: string | undefined
  /**
   * Tries again what Meta certainly did not accept, with one `callbackData` for all tries; `{}` stands for the defaults of
   * `Retry.byVerdict`. An outcome that is ambiguous is never tried again. @default once
   */
  readonly retry?: Retry.Options | undefined
  /** Who is billed, where several Messaging Accounts share a number. @default Meta's choice */
  readonly messagingAccountId?: string | undefined
  /**
   * Sends a template through the Marketing Messages API, also with `{}`. @default the Cloud API, unless there is a GIF in
   * the template, which only the other takes
   */
  readonly marketing?: Marketing | undefined
  /** Direct Send, a beta that Meta has to enable for the account: a category instead of a template. @default none */
  readonly directSend?: DirectSend | undefined
}

/** Meta page: "Marketing Messages API for WhatsApp". */
export interface Marketing {
  /** Whether Meta may send through the Cloud API when the account is not onboarded. @default "CLOUD_API_FALLBACK" */
  readonly productPolicy?: "CLOUD_API_FALLBACK" | "STRICT"
  /** Whether reads and clicks of this message are shared with Meta. @default the setting of the account */
  readonly activitySharing?: boolean
}

export interface DirectSend {
  readonly category: "utility" | "authentication"
  /** For how many seconds Meta tries: at most 43200, and 900 for authentication. @default Meta's */
  readonly ttlSeconds?: number
  /** Names the template that Meta makes of it, for utility only. @default none */
  readonly templateName?: string
}

/** A message of a customer's; every message event is one. */
export interface Inbound {
  readonly wamid: MessageId
  /** The number that was written to. @default the first of `WhatsAppConfig.numbers` */
  readonly phoneNumberId?: PhoneNumberId
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
     * Sends once, within 30 seconds, unless `retry` asks for more. `to` is a recipient, or a string that is one: a phone number with country code, a
     * BSUID or a group id. Nothing leaves when the message breaks a documented limit, is nested deeper than 256 levels or
     * is no JSON (`InvalidMessage`); an error whose
     * verdict is `Ambiguous` carries the `callbackData` by which a status event settles it.
     */
    readonly send: (
      to: Recipient.Recipient | string,
      message: Message | Raw,
      options?: SendOptions
    ) => Effect.Effect<SendResult, WhatsAppError>
    /**
     * Sends to the group or person that wrote, from the number that was written to. It quotes only when the message has
     * `replyTo`. Fails with `InvalidMessage` when Meta named the sender in no way that can be sent to.
     */
    readonly reply: (
      event: MessageEvent,
      message: Message | Raw,
      options?: SendOptions
    ) => Effect.Effect<SendResult, WhatsAppError>
    /**
     * Shows the blue ticks on a message, and on the earlier ones of the person; in a group on this one alone. Within 30
     * days of its arrival. May be made again without harm.
     */
    readonly markRead: (message: Inbound) => Effect.Effect<void, WhatsAppError>
    /**
     * Shows that an answer is being typed, until it is sent or 25 seconds have passed, and marks the message as read. May
     * be made again without harm. `withTyping` shows it for as long as an effect runs.
     */
    readonly typing: (message: Inbound) => Effect.Effect<void, WhatsAppError>
    /**
     * Uploads a file for messages, for 30 days. Type and size are held against `mediaTypes` before anything leaves
     * (`InvalidMessage`); a file of any size passes in constant memory. Fails with `NoAnswer` when the connection takes no
     * byte for 2 minutes, or no answer comes for 5 minutes after the last, and else takes as long as it takes; what the
     * file itself fails with is passed on. May be made again: Meta does not notice that it has the file already, so what an
     * upload without an answer leaves behind is an id that nobody knows. Meta page: "Media".
     */
    readonly uploadMedia: <E = never>(
      file: Upload.Upload<E>,
      options?: Upload.Options
    ) => Effect.Effect<Upload.Uploaded, WhatsAppError | E>
    /** Asks what Meta knows of media, and for a URL that holds for five minutes. May be made again. */
    readonly mediaInfo: (id: string, options?: Download.InfoOptions) => Effect.Effect<Download.MediaInfo, WhatsAppError>
    /**
     * Describes media, and gives a stream that fetches it each time that it runs. The stream fails when there is more than
     * `maxBytes` (`MediaTooLarge`), less than was said (`MediaIncomplete`), other bytes than Meta's SHA-256 says
     * (`MediaCorrupt`), or nothing there any more (`MediaExpired`, after one try at a new URL): only its end says that what
     * came is the file. The access token goes to Meta's hosts over https, and to where the API is configured to be.
     * Media that came by webhook is there for 7 days. Each piece may take 30 seconds and nothing limits the whole, for which
     * there is `Effect.timeout`. May be made again.
     */
    readonly downloadMedia: (
      source: Download.Source,
      options?: Download.Options
    ) => Effect.Effect<Download.Download, WhatsAppError>
    /** The same into memory, at most 16 MiB unless `maxBytes` says otherwise. */
    readonly readMedia: (
      source: Download.Source,
      options?: Download.Options
    ) => Effect.Effect<Download.Whole, WhatsAppError>
    /** Deletes media before its time. May be made again: then Meta knows it no more, and says so. */
    readonly deleteMedia: (id: string, options?: Download.InfoOptions) => Effect.Effect<void, WhatsAppError>
    /**
     * Begins an upload that can be resumed, for the header of a template or a profile picture: JPEG, PNG, MP4 or PDF.
     * Nothing of the file leaves yet: keep the session, and `finishUpload` goes on where a process that died left off.
     * May be made again. Meta page: "Resumable Upload API".
     */
    readonly startUpload: (
      file: Upload.Upload<unknown>,
      options?: Upload.SessionOptions
    ) => Effect.Effect<Upload.Session, WhatsAppError>
    /**
     * Asks how far the upload is, sends the rest, and gives the handle. A session is of one file that has not changed since:
     * another of the same length is not noticed, and its rest is added, or the handle of the first is given for it. So forget
     * the session when the handle is there; until then this may be made again, in this process or another. Fails with
     * `NoAnswer` as `uploadMedia` does.
     */
    readonly finishUpload: <E = never>(
      session: Upload.Session,
      file: Upload.Upload<E>,
      options?: Upload.FinishOptions
    ) => Effect.Effect<Upload.Finished, WhatsAppError | E>
  }
>()("@effect-whatsapp/core/client/WhatsAppClient") {}

/** Builds the client from `WhatsAppConfig` and an `HttpClient`. */
export const make: Effect.Effect<
  WhatsAppClient["Service"],
  never,
  WhatsAppConfig.WhatsAppConfig | HttpClient.HttpClient
> = Effect.gen(function* () {
  const config = yield* WhatsAppConfig.WhatsAppConfig
  const http = yield* HttpClient.HttpClient
  const media = Media.make(config, http)
  return WhatsAppClient.of({
    ...Send.make(config, http),
    ...Read.make(config, http),
    ...media,
    ...UploadMedia.make(config, http),
    ...DownloadMedia.make(config, http, media),
    ...Resumable.make(config, http)
  })
})

/** WhatsApp hides the indicator after 25 seconds. */
const typingEvery = "20 seconds"

/**
 * Shows that an answer is being typed for as long as an effect runs, and marks the message as read. WhatsApp hides the
 * indicator when the answer arrives. That it cannot be shown is no failure: the effect goes on.
 *
 * **Example** (An answer that takes a while)
 *
 * ```ts
 * import { WhatsAppClient } from "@effect-whatsapp/core/client"
 * import type { TextReceived } from "@effect-whatsapp/core/events"
 * import { Message } from "@effect-whatsapp/core/message"
 * import { Effect } from "effect"
 *
 * declare const think: (question: string) => Effect.Effect<string>
 *
 * const answer = Effect.fn("answer")(function* (event: TextReceived) {
 *   const whatsapp = yield* WhatsAppClient.WhatsAppClient
 *   const text = yield* WhatsAppClient.withTyping(event, think(event.text))
 *   yield* whatsapp.reply(event, Message.text(text))
 * })
 * ```
 */
export const withTyping = <A, E, R>(
  message: Inbound,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | WhatsAppClient> =>
  Effect.flatMap(WhatsAppClient, ({ typing }) =>
    Effect.raceFirst(
      effect,
      Effect.andThen(Effect.repeat(Effect.ignore(typing(message)), Schedule.spaced(typingEvery)), Effect.never)
    )
  )

/**
 * Layer that sends with the `HttpClient` it is provided with. Redirects are the affair of that client: `layerConfig`
 * follows none, and `fetch` by default follows them without the token.
 */
export const layer: Layer.Layer<WhatsAppClient, never, WhatsAppConfig.WhatsAppConfig | HttpClient.HttpClient> =
  Layer.effect(WhatsAppClient, make)

/** Layer that is configured by the environment, see `WhatsAppConfig.layerConfig`, and sends by `fetch`. */
export const layerConfig: Layer.Layer<WhatsAppClient, Config.ConfigError> = Layer.provide(layer, [
  WhatsAppConfig.layerConfig,
  fetchClient
])
