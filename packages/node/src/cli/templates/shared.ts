/** What the commands about templates have in common. */
import { type Account, WhatsAppAccount, type WhatsAppClient } from "@effect-whatsapp/core/client"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Flag from "effect/cli/Flag"
import { defaultPath } from "../../templates/TemplateFile.ts"
import { layerAccount, orRefused } from "../internal/account.ts"
import { configFailure, type Failure, type Usage } from "../internal/outcome.ts"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print JSON, one value per line"),
  Flag.withDefault(false)
)

export const out = Flag.String("out").pipe(
  Flag.withDescription(`The file of the templates. Default: ${defaultPath}`),
  Flag.withMetavar("FILE"),
  Flag.withDefault(defaultPath)
)

/** Every template of the account. */
export const all = Effect.flatMap(WhatsAppAccount.WhatsAppAccount, ({ templates }) =>
  Stream.runCollect(templates())
).pipe(orRefused("The templates could not be read"))

/** A template for people, by columns. */
export const cells = ({ category, language, name, quality, rejectedReason, status }: Account.AccountTemplate) => [
  name,
  language,
  category ?? "",
  status ?? "",
  quality === undefined || quality === "UNKNOWN" ? "" : quality,
  rejectedReason === undefined || rejectedReason === "NONE" ? "" : rejectedReason
]

/** The same as JSON. */
export const templateJson = (template: Account.AccountTemplate): string => {
  const { category, id, language, name, quality, rejectedReason, status } = template
  return JSON.stringify({ id, name, language, category, status, quality, rejectedReason })
}

type Provided = WhatsAppAccount.WhatsAppAccount | WhatsAppClient.WhatsAppClient

/** Runs what asks Meta, by what the environment says. */
export const withAccount = <A, R>(
  run: Effect.Effect<A, Failure | Usage, R>
): Effect.Effect<A, Failure | Usage, Exclude<R, Provided>> =>
  run.pipe(
    Effect.provide(layerAccount),
    Effect.catchTag("ConfigError", (error) => Effect.fail(configFailure(error)))
  )
