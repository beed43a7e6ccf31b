/** `effect-whatsapp templates list`: what the account has. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { look } from "../../templates/Review.ts"
import { orRefused } from "../internal/account.ts"
import { columns } from "../internal/columns.ts"
import { print } from "../internal/print.ts"
import { cells, json, templateJson, withAccount } from "./shared.ts"

export const list = Command.make(
  "list",
  {
    status: Flag.String("status").pipe(
      Flag.withDescription("Those of this status, as in rejected. Default: all"),
      Flag.optional
    ),
    language: Flag.String("language").pipe(
      Flag.withDescription("Those in this language, exactly as it was approved: en is not en_US. Default: all"),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function* ({ json, language, status }) {
    const templates = yield* withAccount(look([]).pipe(orRefused("The templates could not be read")))
    const found = templates.filter(
      (one) =>
        Option.match(language, { onNone: () => true, onSome: (wanted) => one.language === wanted }) &&
        Option.match(status, {
          onNone: () => true,
          onSome: (wanted) => one.status?.toUpperCase() === wanted.toUpperCase()
        })
    )
    for (const line of json ? found.map(templateJson) : columns(found.map(cells))) yield* print(line)
  })
).pipe(
  Command.withDescription("List the templates of the account: name, language, category, status, quality, why rejected"),
  Command.withExamples([
    {
      command: "effect-whatsapp templates list --status rejected",
      description: "Those that Meta has rejected, and why"
    },
    {
      command: "effect-whatsapp templates list --json | jq -r 'select(.quality == \"RED\").name'",
      description: "Those that people block or report"
    }
  ])
)
