/** `effect-whatsapp templates check`: fails where the file and the account differ, for builds. */
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import { differences } from "../../templates/Comparison.ts"
import * as TemplateFile from "../../templates/TemplateFile.ts"
import { print } from "../internal/print.ts"
import { Failure, fileFailure } from "../internal/outcome.ts"
import { all, json, out, withAccount } from "./shared.ts"

const count = (found: number, one: string, many: string) => `${found} ${found === 1 ? one : many}`

export const check = Command.make(
  "check",
  { out, json },
  Effect.fnUntraced(
    function* ({ json, out }) {
      const file = yield* TemplateFile.read(out).pipe(Effect.mapError((error) => fileFailure(out, "read", error)))
      if (file._tag === "Absent") {
        return yield* new Failure({ message: `There is no file ${out}; make it with effect-whatsapp templates pull` })
      }
      if (file._tag === "Foreign" || file.stamp === undefined) {
        return yield* new Failure({ message: `The file ${out} was not made by effect-whatsapp templates pull` })
      }
      const { options, pulled } = file.stamp
      const found = differences(pulled, yield* TemplateFile.select(yield* withAccount(all), options))
      for (const one of found) {
        yield* print(json ? JSON.stringify(one) : `${one.change} ${one.name} ${one.language}`)
      }
      const problems = [
        ...(found.length === 0
          ? []
          : [`${count(found.length, "template differs", "templates differ")} from the account`]),
        ...(file._tag === "Edited" ? ["it was edited since it was pulled"] : [])
      ]
      if (problems.length > 0) {
        const again = file._tag === "Edited" ? "templates pull --force" : "templates pull"
        return yield* new Failure({ message: `${out}: ${problems.join(", and ")}; run effect-whatsapp ${again}` })
      }
      if (!json) yield* print(`${out}: as in the account, ${count(pulled.length, "template", "templates")}`)
    },
    (run) => Effect.provide(run, NodeCrypto.layerDigest)
  )
).pipe(
  Command.withDescription("Fail when the templates of the account differ from the file, or the file was edited"),
  Command.withExamples([
    { command: "effect-whatsapp templates check", description: "In a build, to be told before a message fails" },
    { command: "effect-whatsapp templates check --json | jq -r .name", description: "Which templates differ" }
  ])
)
