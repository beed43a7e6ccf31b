import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import * as Project from "../../../packages/node/src/project/Project.ts"
import { folderWith } from "./world.ts"

describe("Project.find", () => {
  it.effect("finds the nearest package.json upwards, and the files of the scaffold", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({
        "package.json": "{}",
        "src/whatsapp/config.ts": "",
        "src/whatsapp/listeners.ts": "",
        "src/other/deep/a.ts": ""
      })
      assert.deepStrictEqual(yield* Project.find(join(folder, "src/other/deep")), {
        folder,
        hasManifest: true,
        scaffold: { exists: true, present: ["config.ts", "listeners.ts"], missing: ["webhook.ts"] }
      })
    }).pipe(Effect.provide(NodeServices.layer), Effect.scoped)
  )

  it.effect("takes the folder itself where nothing above is a project", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "src/a.ts": "" })
      assert.deepStrictEqual(yield* Project.find(folder), {
        folder,
        hasManifest: false,
        scaffold: { exists: false, present: [], missing: ["config.ts", "webhook.ts", "listeners.ts"] }
      })
    }).pipe(Effect.provide(NodeServices.layer), Effect.scoped)
  )
})
