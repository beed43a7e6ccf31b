/** The folder that `init` writes. */
import * as Effect from "effect/Effect"
import { findListeners } from "../project/listeners.ts"
import * as Project from "../project/Project.ts"
import { type Check, ok, skipped, warning } from "./Check.ts"
import { Setup } from "./Setup.ts"

const complete: Check = {
  id: "project.scaffold",
  right: "the folder `src/whatsapp` has its three files, or the listeners stand elsewhere",
  why: "Without listeners nothing is done with what Meta delivers.",
  isRemote: false,
  needs: [],
  run: Effect.gen(function* () {
    const { project } = yield* Setup
    const { hasManifest, scaffold } = yield* Project.find(project)
    if (!hasManifest) return skipped("there is no package.json here")
    const mend = "Run: npx effect-whatsapp init ."
    if (scaffold.present.length === 0) {
      const elsewhere = yield* Effect.match(findListeners(project), {
        onFailure: () => 0,
        onSuccess: ({ hidden, listeners }) => listeners.length + hidden.length
      })
      return elsewhere > 0
        ? ok("the listeners stand elsewhere than in src/whatsapp")
        : warning("there is no src/whatsapp with a bot in it, and no listener elsewhere", mend)
    }
    return scaffold.missing.length === 0
      ? ok("src/whatsapp is complete")
      : warning(`src/whatsapp lacks ${scaffold.missing.join(", ")}`, mend)
  })
}

export const checks: ReadonlyArray<Check> = [complete]
