/**
 * Enough of a local Meta to be honest: it takes every message that a business can send, checks it and answers as Meta
 * does, and reports to a webhook in signed deliveries; it keeps files and gives them out again. Customers are values:
 * `sendText` is what a person does with their thumb. Everything is in memory: the newest 10,000 of each kind are kept,
 * and 256 MiB of files.
 *
 * | Endpoint | What it does |
 * | --- | --- |
 * | `POST /{version}/{phone-number-id}/messages` | sends any message, marks one as read, shows typing |
 * | `POST /{version}/{phone-number-id}/marketing_messages` | sends a marketing template |
 * | `POST /{version}/{phone-number-id}/media` | takes a file |
 * | `GET`, `DELETE /{version}/{media-id}` | gives a URL that lives for five minutes; deletes |
 * | `POST /{version}/{app-id}/uploads` | opens a resumable upload |
 * | `POST`, `GET /{version}/{upload-session-id}` | takes bytes from `file_offset` on; tells how far it is |
 * | `GET /{version}/debug_token` | says what a token is and may do |
 * | `GET`, `POST /{version}/{phone-number-id}` | tells of a number; sends its deliveries elsewhere |
 * | `GET /{version}/{waba-id}`, `GET /{version}/{waba-id}/phone_numbers` | tells of the account; lists its numbers |
 * | `GET`, `POST`, `DELETE /{version}/{waba-id}/subscribed_apps` | puts the app on the account, with a URL of its own, or takes it off |
 * | `GET`, `POST`, `DELETE /{version}/{app-id}/subscriptions` | what the app hears of, and where; for the app's own token |
 * | `GET`, `POST`, `DELETE /{version}/{waba-id}/message_templates` | lists templates, makes one, deletes |
 * | `GET`, `POST /{version}/{template-id}` | reads a template; changes it |
 */
import { createServer } from "node:http"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServer from "effect/http/HttpServer"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { Activity, Tick } from "./Activity.ts"
import type { Attempt, Delivery, Part } from "./Delivery.ts"
import type { Fault } from "./Fault.ts"
import type { HandshakeRefused } from "./HandshakeRefused.ts"
import { make } from "./internal/make.ts"
import type { TemplateDefinition } from "./internal/templateStore.ts"
import type { MediaFault } from "./MediaFault.ts"
import type { Customer, Profile, Sent } from "./Person.ts"
import type {
  AccountStanding,
  NumberStanding,
  ServerStanding,
  SubscriptionStanding,
  TemplateStanding,
  TokenStanding
} from "./Standing.ts"

export { Activity, type Tick } from "./Activity.ts"
export type {
  Attempt,
  ChangePart,
  Delivery,
  MessageDelivery,
  MessagePart,
  Part,
  Settled,
  StatusPart
} from "./Delivery.ts"
export { Fault } from "./Fault.ts"
export { HandshakeRefused } from "./HandshakeRefused.ts"
export type { TemplateDefinition } from "./internal/templateStore.ts"
export { MediaFault } from "./MediaFault.ts"
export type {
  AccountStanding,
  Health,
  NumberStanding,
  ServerStanding,
  SubscriptionStanding,
  TemplateStanding,
  TokenStanding
} from "./Standing.ts"
export type { Customer, File, Person, Profile, Sent, SentType, WriteOptions } from "./Person.ts"

/** Service that is Meta and the customers at once. */
export class CloudApiEmulator extends Context.Service<
  CloudApiEmulator,
  {
    /** Base of the API, for `WHATSAPP_API_URL`. */
    readonly url: string
    /** Where deliveries go from now on, also those that are waiting; for a bot that starts after the emulator. */
    readonly setWebhookUrl: (url: string) => Effect.Effect<void>
    /** Makes Meta's handshake with a challenge that starts with a zero. */
    readonly verifyWebhook: (verifyToken: string | Redacted.Redacted) => Effect.Effect<void, HandshakeRefused>
    /** Brings a person into the world, or finds them by BSUID or phone; the new profile then replaces the old. */
    readonly customer: (profile: Profile) => Effect.Effect<Customer>
    /** Delivers all parts in one POST. Returns after the first answer; redeliveries go on by themselves. */
    readonly deliver: (...parts: NonEmptyReadonlyArray<Part>) => Effect.Effect<Delivery>
    /** Delivers any text under a correct signature, also what is no JSON. */
    readonly deliverRaw: (body: string) => Effect.Effect<Delivery>
    /** Delivers the same bytes once more, as Meta does when it did not hear the 200. */
    readonly redeliver: (delivery: Delivery) => Effect.Effect<Delivery>
    /** Delivers once with a signature under another secret; the attempt tells what the webhook answered. */
    readonly deliverForged: (...parts: NonEmptyReadonlyArray<Part>) => Effect.Effect<Attempt>
    /** Plays one fault at each of the next sends that Meta would otherwise accept. */
    readonly failNext: (...faults: ReadonlyArray<Fault>) => Effect.Effect<void>
    /** Plays one fault at each of the next `GET /{media-id}` that would succeed: it concerns the URL in the answer. */
    readonly failNextDownload: (...faults: ReadonlyArray<MediaFault>) => Effect.Effect<void>
    /** Breaks the connection of the next resumable upload after so many bytes of the request; these are kept. */
    readonly cutNextUpload: (afterBytes: number) => Effect.Effect<void>
    /** The resumable uploads that are complete, oldest first. */
    readonly uploaded: Effect.Effect<ReadonlyArray<Uploaded>>
    /** What Meta accepted, oldest first. */
    readonly sent: Effect.Effect<ReadonlyArray<Sent>>
    /** The statuses of a message that the webhook has acknowledged, in order. */
    readonly ticks: (wamid: string) => Effect.Effect<ReadonlyArray<Tick>>
    /** Waits until the webhook has acknowledged a status. */
    readonly awaitTick: (wamid: string, tick: Tick) => Effect.Effect<void>
    /** The templates of the account as Meta's nodes, oldest first. */
    readonly templates: Effect.Effect<ReadonlyArray<Schema.JsonObject>>
    /**
     * Brings a template into another status, as Meta's review does, and reports it as `message_template_status_update`.
     * A template that does not exist is a mistake of the program. `reason` is one of Meta's, as `INVALID_FORMAT`.
     */
    readonly setTemplateStatus: (
      template: { readonly name: string; readonly language: string },
      status: "APPROVED" | "PENDING" | "REJECTED" | "PAUSED" | "DISABLED" | "IN_APPEAL" | (string & {}),
      reason?: string
    ) => Effect.Effect<Delivery>
    /** Every try to deliver, oldest first. */
    readonly attempts: Effect.Effect<ReadonlyArray<Attempt>>
    /** Everything that happens; a new subscriber first gets the last 1024. A slow one misses the oldest. */
    readonly activity: Stream.Stream<Activity>
    /**
     * Waits until every delivery, also of statuses that are due, was answered 200 or given up. What the bot does behind
     * its 200 is not waited for.
     */
    readonly awaitIdle: Effect.Effect<void>
  }
>()("@effect-whatsapp/node/emulator/CloudApiEmulator") {}

/** A file that came by a resumable upload. */
export interface Uploaded {
  /** What a template sample or a profile picture names it by. */
  readonly handle: string
  readonly fileName?: string
  readonly mimeType: string
  /** Bytes. */
  readonly size: number
  /** Digest of its bytes, in hex. */
  readonly sha256: string
}

/** A number of the business. */
export interface BusinessNumber {
  readonly phoneNumberId: string
  readonly displayPhoneNumber: string
  readonly accessToken: string | Redacted.Redacted
  /** How its token stands, where it differs from `token` of the emulator; of numbers that share one the first counts. */
  readonly token?: TokenStanding
  /** How the number stands, where it differs from `number` of the emulator. */
  readonly standing?: NumberStanding
}

export interface MetaOptions {
  readonly businessAccountId: string
  /** The numbers of the business; customers write to the first, unless they say otherwise. */
  readonly numbers: NonEmptyReadonlyArray<BusinessNumber>
  readonly appSecret: string | Redacted.Redacted
  /** An http or https URL. Until there is one, tries fail with `NoWebhookUrl` and are repeated. */
  readonly webhookUrl?: string
  /** Which statuses are reported, in this order; the next only after the webhook acknowledged the one before. @default all three */
  readonly statuses?: ReadonlyArray<"sent" | "delivered" | "read">
  /** How long to wait before each status. @default 0 */
  readonly statusDelay?: Duration.Input
  /** When to try again after anything but 200. @default from 200 ms, doubling to 5 s, 20 times */
  readonly redelivery?: Schedule.Schedule<unknown>
  /** How long the webhook may take to answer. @default "10 seconds" */
  readonly webhookTimeout?: Duration.Input
  /** Whether only templates may be sent to those who have not written for 24 hours. @default true */
  readonly customerServiceWindow?: boolean
  /**
   * The templates that exist, beside those that are made. One that has `components`, as Meta's own node has, is sent only
   * with every value that these need. @default any with a valid name
   */
  readonly templates?: ReadonlyArray<TemplateDefinition>
  /** The ids of the groups that the business is in; groups are reported as `sent` only. @default none */
  readonly groups?: ReadonlyArray<string>
  /**
   * Which ids a message may name a file by: only those of files that were uploaded to the number that sends, or sent to
   * it by a customer, and are not expired or deleted (anything else is refused with 131009, as by Meta), or any. `"any"`
   * is for a program under test whose files were never uploaded here. @default "uploaded"
   */
  readonly mediaIds?: "uploaded" | "any"
  /** Whether texts and interactive messages with a `category` are sent outside the window, without a template. @default true */
  readonly directSend?: boolean
  /**
   * The app that resumable uploads go to, and that is subscribed. Its token is `{app-id}|{app-secret}`.
   * @default any id of digits
   */
  readonly appId?: string
  /** How the tokens stand. @default each lives for ever and may do everything */
  readonly token?: TokenStanding
  /** How the numbers stand. @default in order */
  readonly number?: NumberStanding
  /** How the account stands. @default in order */
  readonly account?: AccountStanding
  /** What the app hears of; of anything else no delivery is sent. @default everything */
  readonly subscription?: SubscriptionStanding
  /** Which version answers, and how its clock goes. @default the version asked for, and this machine's clock */
  readonly server?: ServerStanding
  /** How new templates and lists of templates are dealt with. @default new ones wait for a review, and pages are full */
  readonly templateStanding?: TemplateStanding
}

export interface Options extends MetaOptions {
  /** @default 0, which is any free port */
  readonly port?: number
  /** @default "127.0.0.1" */
  readonly host?: string
}

/**
 * Layer that mounts the emulator on a router, beside other routes: it takes `/{version}/…` and
 * `/whatsapp_business/attachments/`. The server must be Node's.
 */
export const layerRoutes = (
  options: MetaOptions
): Layer.Layer<CloudApiEmulator, never, HttpRouter.HttpRouter | HttpServer.HttpServer | HttpClient.HttpClient> =>
  Layer.effect(CloudApiEmulator, make(options))

/** Layer that serves the emulator on a port of its own. */
export const layer = (options: Options): Layer.Layer<CloudApiEmulator, HttpServerError.ServeError> =>
  HttpRouter.serve(layerRoutes(options), { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide([
      NodeHttpServer.layer(createServer, {
        port: options.port ?? 0,
        host: options.host ?? "127.0.0.1",
        gracefulShutdownTimeout: "1 second"
      }),
      NodeHttpClient.layerNodeHttp
    ])
  )
