/** What the webhook needs to know: who may post, who may subscribe, where, and how much. */
import { Environment } from "@effect-whatsapp/core/client"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

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
export const defaultMaxBodySize = 3_145_728

/** Where Meta posts unless told otherwise. */
export const defaultPath = "/whatsapp/webhook"

export interface Options {
  /** App secrets any of which may sign: at least one, and none of them empty. */
  readonly appSecrets: ReadonlyArray<string | Redacted.Redacted>
  /** The token of the handshake; not empty. */
  readonly verifyToken: string | Redacted.Redacted
  /** @default "/whatsapp/webhook" */
  readonly path?: `/${string}` | undefined
  /** In bytes, inclusive. @default 3_145_728 */
  readonly maxBodySize?: number | undefined
}

const redacted = (value: string | Redacted.Redacted): Redacted.Redacted =>
  Redacted.isRedacted(value) ? value : Redacted.make(value)
const isBlank = (secret: Redacted.Redacted): boolean => Redacted.value(secret).trim() === ""

/** Layer with settings from the program. An empty secret ends the start: anyone could sign with it. */
export const layer = (options: Options): Layer.Layer<WebhookConfig, Config.ConfigError> =>
  Layer.effect(
    WebhookConfig,
    Effect.suspend(() => {
      const appSecrets = options.appSecrets.map(redacted)
      const verifyToken = redacted(options.verifyToken)
      return appSecrets.length === 0 || appSecrets.some(isBlank) || isBlank(verifyToken)
        ? Effect.fail(Environment.configError("appSecrets and verifyToken must be given, and none of them empty"))
        : Effect.succeed({
            appSecrets,
            verifyToken,
            path: options.path ?? defaultPath,
            maxBodySize: options.maxBodySize ?? defaultMaxBodySize
          })
    })
  )

const Secret = Schema.RedactedFromValue(Schema.Trimmed.check(Schema.isNonEmpty()))
const Secrets = Schema.String.pipe(
  Schema.decodeTo(Schema.Array(Secret), {
    decode: SchemaGetter.transform((list: string) => list.split(",").map((entry) => entry.trim())),
    encode: SchemaGetter.transform((entries: ReadonlyArray<string>) => entries.join(","))
  })
)
const Path = Schema.TemplateLiteral(["/", Schema.String])

/** What `layerConfig` reads, each variable on its own. */
export const variables = {
  appSecrets: Environment.required("WHATSAPP_APP_SECRET", Secrets),
  verifyToken: Environment.required("WHATSAPP_VERIFY_TOKEN", Secret),
  path: Environment.optional("WHATSAPP_WEBHOOK_PATH", Path, defaultPath)
}

/** The settings as they stand in the environment. */
export const fromEnv: Config.Config<WebhookConfig["Service"]> = Config.map(Environment.all(variables), (settings) => ({
  ...settings,
  maxBodySize: defaultMaxBodySize
}))

/**
 * Layer that reads `WHATSAPP_APP_SECRET` (several, comma separated), `WHATSAPP_VERIFY_TOKEN` and
 * `WHATSAPP_WEBHOOK_PATH`. An empty entry among the secrets ends the start: anyone could sign with it.
 */
export const layerConfig: Layer.Layer<WebhookConfig, Config.ConfigError> = Layer.effect(WebhookConfig, fromEnv)
