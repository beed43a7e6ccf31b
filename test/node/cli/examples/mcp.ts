/** The examples of `mcp`: each shakes hands and lists its tools. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { assertDone, type Example, type Examples } from "./world.ts"

const said = [
  `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"example","version":"1"}}}`,
  `{"jsonrpc":"2.0","method":"notifications/initialized"}`,
  `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`,
  `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"whatsapp_emulator_start","arguments":{}}}`
]

/** Runs the line with a client before it, which says this much and goes away. */
const serves =
  (check: (stdout: string) => void): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const outcome = yield* shell.run(`printf '%s\\n' ${said.map((text) => `'${text}'`).join(" ")} | ${line}`)
      assertDone(outcome)
      assert.include(outcome.stdout, "whatsapp_webhook_events")
      check(outcome.stdout)
    })

export const mcp: Examples = {
  "effect-whatsapp mcp": serves((stdout) => assert.notInclude(stdout, "whatsapp_send_message")),
  "effect-whatsapp mcp --emulator-port 4010": serves((stdout) =>
    // Or somebody else is there, which it then says.
    assert.match(stdout, /http:\/\/127\.0\.0\.1:4010|listen on port 4010/)
  ),
  "effect-whatsapp mcp --allow-send": serves((stdout) => assert.include(stdout, "whatsapp_send_message"))
}
