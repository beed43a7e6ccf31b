/** `effect-whatsapp templates pull`: the templates of the account as typed functions in a file of the project. */
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Prompt from "effect/cli/Prompt"
import { skippedOf } from "../../templates/Module.ts"
import type * as Stamp from "../../templates/Stamp.ts"
import * as TemplateFile from "../../templates/TemplateFile.ts"
import { complain, print } from "../internal/print.ts"
import { Failure, fileFailure } from "../internal/outcome.ts"
import { all, json, out, withAccount } from "./shared.ts"

interface Given {
  readonly status: Option.Option<Stamp.Options["status"]>
  readonly name: Option.Option<string>
  readonly byLanguage: Option.Option<boolean>
}

/** By what a file is pulled: what is asked for, else what it was pulled by before. */
const optionsOf = (given: Given, file: TemplateFile.Present): Stamp.Options => {
  const before = file._tag === "Pulled" || file._tag === "Edited" ? file.stamp?.options : undefined
  const name = Option.getOrElse(given.name, () => before?.name)
  const byLanguage = Option.getOrElse(given.byLanguage, () => before?.byLanguage)
  return {
    status: Option.getOrElse(given.status, () => before?.status ?? "approved"),
    ...(name === undefined || name === "*" ? {} : { name }),
    ...(byLanguage === true ? { byLanguage } : {})
  }
}

const overwritten = {
  Edited: "was edited since it was pulled",
  Foreign: "was not made by this command"
}

/** What somebody wrote is overwritten by whoever says so alone. */
const agree = Effect.fnUntraced(function* (path: string, file: TemplateFile.Present, force: boolean) {
  if (force || file._tag === "Absent" || file._tag === "Pulled") return
  const why = `The file ${path} ${overwritten[file._tag]}`
  const { stdinIsTerminal, stdoutIsTerminal } = yield* Stdio.Stdio
  const isAsked = (yield* stdinIsTerminal) && (yield* stdoutIsTerminal)
  const agreed =
    isAsked &&
    (yield* Effect.orElseSucceed(Prompt.run(Prompt.Confirm({ message: `${why}. Overwrite it?` })), () => false))
  if (!agreed) {
    return yield* new Failure({ message: `${why}; --force overwrites it, and --out FILE writes somewhere else` })
  }
})

export const pull = Command.make(
  "pull",
  {
    out,
    status: Flag.Literals("status", ["approved", "all"]).pipe(
      Flag.withDescription("Which templates, by their status. Default: approved, or as the file was pulled before"),
      Flag.optional
    ),
    name: Flag.String("name").pipe(
      Flag.withDescription(
        "Templates of names such as 'order_*' alone. Default: all, or as the file was pulled before"
      ),
      Flag.withMetavar("PATTERN"),
      Flag.optional
    ),
    byLanguage: Flag.Boolean("by-language").pipe(
      Flag.withDescription("A record of languages for each name, also where there is one language"),
      Flag.optional
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDescription("Overwrite a file that was edited, or was not made by this command"),
      Flag.withDefault(false)
    ),
    json
  },
  Effect.fnUntraced(
    function* ({ force, json, out, ...given }) {
      const file = yield* TemplateFile.read(out).pipe(Effect.mapError((error) => fileFailure(out, "read", error)))
      yield* agree(out, file, force)
      const options = optionsOf(given, file)
      const entries = yield* TemplateFile.select(yield* withAccount(all), options)
      if (Option.isSome(given.name) && entries.length === 0) {
        return yield* new Failure({
          message: `The account has no template of the name ${JSON.stringify(given.name.value)} that is to be pulled; nothing is written`
        })
      }
      const isChanged = yield* TemplateFile.write(out, file, entries, options).pipe(
        Effect.catchTags({
          Overtaken: () =>
            Effect.fail(new Failure({ message: `The file ${out} has changed meanwhile; run the command again` })),
          PlatformError: (error) => Effect.fail(fileFailure(out, "written", error))
        })
      )
      const skipped = entries.flatMap(skippedOf)
      for (const note of skipped) yield* complain(`No function for ${note}`)
      const functions = entries.length - skipped.length
      yield* print(
        json
          ? JSON.stringify({ file: out, changed: isChanged, functions, skipped })
          : `${out}: ${isChanged ? "wrote" : "already had"} ${functions} of ${entries.length} templates`
      )
    },
    (run) => Effect.provide(run, NodeCrypto.layerDigest)
  )
).pipe(
  Command.withDescription("Write the templates of the account as typed functions into a file of the project"),
  Command.withExamples([
    { command: "effect-whatsapp templates pull", description: `Into ${TemplateFile.defaultPath}` },
    {
      command: "effect-whatsapp templates pull --out bot/orders.ts --name 'order_*' --status all",
      description: "Some of them, also those that are not approved yet"
    }
  ])
)
