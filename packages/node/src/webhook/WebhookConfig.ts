/** What the webhook needs to know: who may post, who may subscribe, where, and how much. */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** Service that holds the settings of the webhook. */
export class WebhookConfig extends Context.Service<
  WebhookConfig,
  {
    /** The app secrets any of which may sign. Several are valid during a rotation. */
    readonly appSecrets: ReadonlyArray<Redacted.Redacted>
    /** The token that Meta's handshake must show. */
    readonly verifyToken: Redacted.Redacted
    /** Path of both endpoints. */
    readonly path: `/${string}`
    /** Largest body in bytes, inclusive. Meta sends at most 3 MB. */
    readonly maxBodySize: number
  }
>()("@effect-whatsapp/node/webhook/WebhookConfig") {}

/** 3 MiB, in bytes. */
export const maxBodySize = 3_145_728

/** Where Meta posts unless told otherwise. */
export const defaultPath = "/whatsapp/webhook"
