import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { folderWith } from "../project/world.ts"
import * as Agent from "./agent.ts"
import * as Graph from "./graph.ts"

vi.setConfig({ testTimeout: 60_000 })

/** Calls that succeed and that fail, of every tool. */
const calls = [
  ["whatsapp_config_status", {}],
  ["whatsapp_config_status", { nonsense: 1 }],
  ["whatsapp_webhook_events", {}],
  ["whatsapp_explain_error", { code: 190 }],
  ["whatsapp_explain_error", { body: "nonsense" }],
  ["whatsapp_decode_webhook", { body: "nonsense" }],
  ["whatsapp_event_reference", {}],
  ["whatsapp_templates", {}],
  ["whatsapp_templates", { id: "1" }],
  ["whatsapp_templates", { id: "../me" }],
  ["whatsapp_templates", { name: "a&access_token=b", language: "en" }],
  ["whatsapp_inbox_status", { path: ".env" }],
  ["whatsapp_inbox_status", { path: ".env", causes: true }],
  ["whatsapp_inbox_status", { path: "/proc/self/environ" }],
  ["whatsapp_emulator_start", {}],
  ["whatsapp_emulator_verify", {}],
  ["whatsapp_emulator_message", { text: "hello", waitSeconds: 0 }],
  ["whatsapp_emulator_answers", { waitSeconds: 0 }],
  ["whatsapp_emulator_activity", {}],
  ["whatsapp_emulator_reset", {}],
  ["whatsapp_emulator_stop", {}],
  ["whatsapp_send_message", { to: "15551230000", message: { text: { body: "hello" } } }],
  ["whatsapp_send_message", {}]
] as const

const planted = (one: string) => ({
  WHATSAPP_ACCESS_TOKEN: `EAAG${one}token0orchid`,
  WHATSAPP_PHONE_NUMBER_ID: `20731190445${one.length}777`,
  WHATSAPP_BUSINESS_ACCOUNT_ID: `3300112200${one.length}888`,
  WHATSAPP_APP_SECRET: `${one}secretorchid,${one}secondsecret`,
  WHATSAPP_VERIFY_TOKEN: `${one}verifyorchid`,
  WHATSAPP_OWNER_PHONES: `${one}phoneorchid`,
  WHATSAPP_WEBHOOK_PATH: `${one}pathorchid`,
  WHATSAPP_API_VERSION: `${one}versionorchid`,
  WHATSAPP_APP_ID: `55501100${one.length}999`,
  PORT: `${one}portorchid`
})
const wordsOf = (variables: { readonly [name: string]: string }) =>
  Object.values(variables).flatMap((value) => value.split(","))

const playsAll = Effect.fnUntraced(function* (
  env: { readonly [name: string]: string },
  file: { readonly [name: string]: string },
  hidden: ReadonlyArray<string>
) {
  const lines = Object.entries(file).map(([name, value]) => `${name}=${value}`)
  const cwd = yield* folderWith({ "package.json": "{}", ".env": lines.join("\n") })
  const agent = yield* Agent.connect({ cwd, env, args: ["--allow-send", "--without-confirmation"] })
  for (const [name, args] of calls) yield* agent.call(name, args)
  yield* agent.request("resources/read", { uri: "effect-whatsapp://docs/../../.env" })
  const { code, stderr, stdout } = yield* agent.leave
  assert.strictEqual(code, 0)
  for (const word of hidden) assert.notInclude(stdout + stderr, word)
  return stdout
}, Effect.provide(NodeServices.layer))

describe("effect-whatsapp mcp", () => {
  it.live("shows no value of a variable, whatever is asked and whatever Meta answers", () =>
    Effect.gen(function* () {
      const env = { ...planted("first"), WHATSAPP_API_VERSION: "v23.0" }
      const graph = yield* Graph.answer(400, {
        error: { message: `Bearer ${env.WHATSAPP_ACCESS_TOKEN}`, code: 190, fbtrace_id: "A" }
      })
      const { WHATSAPP_API_VERSION: _, ...hidden } = env
      const stdout = yield* playsAll({ ...env, WHATSAPP_API_URL: graph.url }, planted("other"), [
        ...wordsOf(hidden),
        ...wordsOf(planted("other"))
      ])
      // Meta was asked, and what it said was told.
      assert.isAbove(graph.requests.length, 2)
      assert.include(stdout, "AuthenticationFailed")
    }).pipe(Effect.scoped)
  )

  it.live("shows no value of a file of variables, which may all be wrong", () =>
    Effect.gen(function* () {
      const wrong = { ...planted("file"), WHATSAPP_ACCESS_TOKEN: "EAAG two words orchid" }
      const stdout = yield* playsAll({}, wrong, [...wordsOf(wrong), "two words"])
      assert.include(stdout, "malformed")
    }).pipe(Effect.scoped)
  )
})
