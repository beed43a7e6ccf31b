/** Secrets that deliveries are signed with. They stand in the environment, since others can see a command line. */
import { Environment } from "@effect-whatsapp/core/client"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as WebhookConfig from "../../webhook/WebhookConfig.ts"

const Secret = Schema.RedactedFromValue(Schema.Trimmed.check(Schema.isNonEmpty()))

/** The first of `WHATSAPP_APP_SECRET`, which may list several. */
export const firstAppSecret: Config.Config<Redacted.Redacted> = Config.mapEffect(
  Environment.all({ secrets: WebhookConfig.variables.appSecrets }),
  ({ secrets: [first] }) =>
    first === undefined ? Effect.fail(Environment.configError("missing WHATSAPP_APP_SECRET")) : Effect.succeed(first)
)

/** The secret in a variable of this name. */
export const secretFrom = (name: string): Config.Config<Redacted.Redacted> =>
  Config.map(Environment.all({ secret: Environment.required(name, Secret) }), ({ secret }) => secret)
