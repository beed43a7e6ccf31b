/** `effect-whatsapp templates status`: how the review goes. */
import type { Account } from "@effect-whatsapp/core/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Review from "../../templates/Review.ts"
import { orRefused } from "../internal/account.ts"
import { columns } from "../internal/columns.ts"
import { complain, print } from "../internal/print.ts"
import { Failure } from "../internal/outcome.ts"
import { cells, json, templateJson, withAccount } from "./shared.ts"

const readable = orRefused("The templates could not be read")

/** A name that no template has is a mistake, and waiting for it would never end. */
const assertAll = Effect.fnUntraced(function* (
  names: ReadonlyArray<string>,
  templates: ReadonlyArray<Account.AccountTemplate>
) {
  const missing = names.filter((name) => !templates.some((template) => template.name === name))
  if (missing.length > 0) {
    return yield* new Failure({ message: `The account has no template ${missing.join(", ")}` })
  }
})

const watch = Effect.fnUntraced(function* (names: ReadonlyArray<string>, every: Duration.Duration, asJson: boolean) {
  const { stderrIsTerminal } = yield* Stdio.Stdio
  const isTerminal = yield* stderrIsTerminal
  const templates = yield* Review.watch(names, every, (template, waiting) =>
    Effect.gen(function* () {
      yield* print(asJson ? templateJson(template) : columns([cells(template)]).join(""))
      if (isTerminal && waiting > 0) yield* complain(`waiting for ${waiting}, Ctrl-C stops`)
    })
  ).pipe(readable)
  yield* assertAll(names, templates)
  const refused = templates.filter(Review.isRefused)
  if (refused.length > 0) {
    const which = refused.map(({ language, name, status = "" }) => `${name} ${language} ${status}`)
    return yield* new Failure({ message: `Not to be sent: ${which.join(", ")}` })
  }
})

export const status = Command.make(
  "status",
  {
    names: Argument.String("NAME").pipe(
      Argument.withDescription("Names of templates, in all their languages. Default: all"),
      Argument.variadic()
    ),
    watch: Flag.Boolean("watch").pipe(
      Flag.withDescription(
        "Print each change until none is pending; exit with 1 when one is rejected or disabled then"
      ),
      Flag.withDefault(false)
    ),
    interval: Flag.Int("interval").pipe(
      Flag.withDescription("Seconds between two looks of --watch, at least 1. Default: 60"),
      Flag.filter(
        (seconds) => seconds >= 1,
        () => "Expected at least 1 second"
      ),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function* ({ interval, json, names, watch: isWatching }) {
    if (isWatching) {
      const every = Duration.seconds(Option.getOrElse(interval, () => 60))
      yield* withAccount(watch(names, every, json))
      return
    }
    const templates = yield* withAccount(Review.look(names).pipe(readable))
    for (const line of json ? templates.map(templateJson) : columns(templates.map(cells))) yield* print(line)
    yield* assertAll(names, templates)
  })
).pipe(
  Command.withDescription("Tell how the review of templates goes"),
  Command.withExamples([
    { command: "effect-whatsapp templates status order_update", description: "Now" },
    { command: "effect-whatsapp templates status --watch", description: "Until Meta has decided on all" }
  ])
)
