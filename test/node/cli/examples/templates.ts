/** The examples of `templates`, in a project of an account with some. */
import { assert } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect } from "effect"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Shell } from "./shell.ts"
import * as World from "../templatesWorld.ts"
import { assertDone, type Example, type Examples } from "./world.ts"

const body = { type: "BODY", text: "Hello, it ships today." }
const orderUpdate = { name: "order_update", language: "en_US", category: "UTILITY", components: [body] }
const account = [
  orderUpdate,
  { ...orderUpdate, name: "tea", quality_score: { score: "RED" } },
  { ...orderUpdate, name: "cake", status: "REJECTED", rejected_reason: "INVALID_FORMAT" }
]

type Meta = CloudApiEmulator.CloudApiEmulator["Service"]

/** Runs the line as it stands, behind `prepare`, and asserts what it printed. */
const prints =
  (
    shown: RegExp,
    prepare: (shell: Shell, env: { readonly [name: string]: string }) => Effect.Effect<unknown> = () => Effect.void,
    look: (meta: Meta, shell: Shell) => Effect.Effect<void> = () => Effect.void
  ): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const meta = yield* CloudApiEmulator.CloudApiEmulator
      const env = World.environment(meta.url)
      yield* prepare(shell, env)
      const outcome = yield* shell.run(line, env)
      assertDone(outcome)
      assert.match(outcome.stdout, shown)
      yield* look(meta, shell)
    }).pipe(Effect.provide(World.meta(account)))

const pulled = (shell: Shell, env: { readonly [name: string]: string }) =>
  shell.run("effect-whatsapp templates pull", env)

const isThere =
  (path: string) =>
  (_: Meta, { folder }: Shell) =>
    Effect.sync(() => assert.isTrue(existsSync(join(folder, path))))

/** The file that is pushed. */
const written = ({ folder }: Shell) =>
  Effect.sync(() =>
    writeFileSync(
      join(folder, "order_update.json"),
      JSON.stringify({ ...orderUpdate, components: [{ ...body, text: "Hello, it ships tomorrow." }] })
    )
  )

const has = (count: number, text: string) => (meta: Meta) =>
  Effect.map(meta.templates, (templates) => {
    assert.lengthOf(templates, count)
    assert.include(JSON.stringify(templates), text)
  })

export const templates: Examples = {
  "effect-whatsapp templates pull": prints(/wrote 2 of 2/, undefined, isThere("src/whatsapp/templates.ts")),
  "effect-whatsapp templates pull --out bot/orders.ts --name 'order_*' --status all": prints(
    /^bot\/orders.ts: wrote 1 of 1/,
    undefined,
    isThere("bot/orders.ts")
  ),
  "effect-whatsapp templates check": prints(/as in the account, 2 templates/, pulled),
  "effect-whatsapp templates check --json | jq -r .name": prints(/^tea\n$/, (shell, env) =>
    Effect.gen(function* () {
      yield* pulled(shell, env)
      const tea = { ...orderUpdate, name: "tea", components: [{ ...body, text: "Tea is ready for you." }] }
      writeFileSync(join(shell.folder, "tea.json"), JSON.stringify(tea))
      yield* shell.run("effect-whatsapp templates push tea.json --edit", env)
    })
  ),
  "effect-whatsapp templates list --status rejected": prints(/^cake .*INVALID_FORMAT\n$/),
  "effect-whatsapp templates list --json | jq -r 'select(.quality == \"RED\").name'": prints(/^tea\n$/),
  "effect-whatsapp templates push order_update.json --dry-run": prints(
    /^valid order_update en_US\n$/,
    written,
    has(3, "today")
  ),
  "effect-whatsapp templates push order_update.json --edit": prints(
    /^edited order_update en_US/,
    written,
    has(3, "tomorrow")
  ),
  "jq '.language = \"it\"' order_update.json | effect-whatsapp templates push - --json": prints(
    /"action":"created"/,
    written,
    has(4, `"it"`)
  ),
  "effect-whatsapp templates status order_update": prints(/^order_update +en_US +UTILITY +APPROVED\n$/),
  "effect-whatsapp templates status --watch": (shell, line) =>
    Effect.gen(function* () {
      const { url } = yield* CloudApiEmulator.CloudApiEmulator
      assertDone(yield* shell.run(line, World.environment(url)))
    }).pipe(Effect.provide(World.meta([orderUpdate])))
}
