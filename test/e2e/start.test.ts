import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"

const root = fileURLToPath(new URL("../..", import.meta.url))
const program = ["--conditions=effect-whatsapp-source", "docs/examples/start.ts", "--script"]

const play = (env: Record<string, string>) =>
  Effect.promise(() => promisify(execFile)(process.execPath, program, { cwd: root, env }))

/** What a machine may hold on which somebody works with the real thing. */
const surroundings = {
  PORT: "1",
  WHATSAPP_API_URL: "http://127.0.0.1:1",
  WHATSAPP_APP_SECRET: "another",
  WHATSAPP_PHONE_NUMBER_ID: "42",
  WHATSAPP_OWNER_PHONES: "nonsense",
  WHATSAPP_WEBHOOK_PATH: "/elsewhere"
}

describe("npm start -- --script", () => {
  it.live(
    "plays a whole conversation between bot and Meta over HTTP, whatever the environment holds",
    Effect.fn(function* () {
      const { stdout } = yield* play(surroundings)
      const last = stdout.trimEnd().split("\n").at(-1)
      assert.match(last ?? "", /^9 answers, 27 statuses, \d+ deliveries, 13 checks passed, 0 failed$/)
    }),
    30_000
  )
})
