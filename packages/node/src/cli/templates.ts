/** `effect-whatsapp templates`: the templates of the account, from and to files of the project. */
import * as Command from "effect/cli/Command"
import { check } from "./templates/check.ts"
import { list } from "./templates/list.ts"
import { pull } from "./templates/pull.ts"
import { push } from "./templates/push.ts"
import { status } from "./templates/status.ts"

export const templates = Command.make("templates").pipe(
  Command.withDescription(
    "Templates as typed functions, and their review, with WHATSAPP_ACCESS_TOKEN and WHATSAPP_BUSINESS_ACCOUNT_ID from the environment"
  ),
  Command.withSubcommands([pull, check, list, push, status])
)
