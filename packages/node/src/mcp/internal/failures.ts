/** What goes wrong at Meta or in the configuration, in words for an agent. */
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import type * as Config from "effect/Config"
import { firstProblem } from "../../internal/problems.ts"
import { ToolError } from "./ToolError.ts"

/** Names variables, and never a value. */
export const configFailure = ({ cause }: Config.ConfigError): ToolError =>
  new ToolError({
    message:
      cause._tag === "SchemaError"
        ? `Check the environment and the .env of the project: ${firstProblem(cause.issue)}`
        : "The environment could not be read"
  })

export const metaFailure = ({ advice, callbackData, reason, verdict }: WhatsAppError): ToolError => {
  const code = "code" in reason ? ` (Meta's code ${reason.code})` : ""
  const also = reason.details === advice ? "" : ` ${advice}`
  const settles =
    verdict._tag === "Ambiguous" && callbackData !== undefined
      ? ` Unknown whether it was sent: a status with the callback data ${callbackData} will tell.`
      : ""
  return new ToolError({ message: `${reason._tag}: ${reason.details}${code}.${also}${settles}` })
}
