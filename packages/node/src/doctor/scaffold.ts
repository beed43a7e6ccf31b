/** The folder that `init` writes. */
import * as Effect from "effect/Effect"
import * as Project from "../project/Project.ts"
import { type Check, ok, skipped, warning } from "./Check.ts"
import { Setup } from "./Setup.ts"

const complete: Check = {
  id: "project.scaffold",
  right: "the folder `src/whatsapp` has its three files",
  why: "There the other commands put and look for your listeners. A program that is built in another way works as well.",
  isRemote: false,
  needs: [],
  run: Effect.gen(function* () {
    const { project } = yield* Setup
    const { hasManifest, scaffold } = yield* Project.find(project)
    if (!hasManifest) return skipped("there is no package.json here")
    const mend = "Run: npx effect-whatsapp init ."
    if (scaffold.present.length === 0) return warning("there is no src/whatsapp with a bot in it", mend)
    return scaffold.missing.length === 0
      ? ok("src/whatsapp is complete")
      : warning(`src/whatsapp lacks ${scaffold.missing.join(", ")}`, mend)
  })
}

export const checks: ReadonlyArray<Check> = [complete]
