import { assert, describe, it, vi } from "@effect/vitest"
import { fromDelivery, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { Delivery } from "@effect-whatsapp/core/testing"
import { DateTime, Effect } from "effect"
import { stripVTControlCharacters, styleText } from "node:util"
import * as Show from "../../../packages/node/src/cli/internal/show.ts"
import { fixtures } from "../../fixtures/fixtures.ts"
import * as Http from "./http.ts"
import { environment, listen, signed } from "./listening.ts"
import * as Terminal from "./terminal.ts"

vi.setConfig({ testTimeout: 60_000 })

const read = (body: Uint8Array): ReadonlyArray<WhatsAppEvent> =>
  fromDelivery(DeliveryDigest.make("0".repeat(64)), body).map(({ event }) => event)

const zone = DateTime.zoneMakeNamedUnsafe("Europe/Rome")
const plain = () => Show.make((_, text) => text, zone)
const day = 86_400
const { timestamp } = Delivery.defaults

describe("what listen shows on a terminal", () => {
  it("is the time of day where one is, and the day when it changes", () => {
    const show = plain()
    const texts = [timestamp, timestamp + 60, timestamp + day].map((timestamp, n) =>
      Delivery.text(`wamid.${n}`, { timestamp, name: "Ida", text: "hi" })
    )
    const lines = texts.flatMap(read).flatMap((event) => show(event).split("\n"))
    assert.deepStrictEqual(lines, [
      "--- 2026-08-12 Wednesday ---",
      `04:00:10 Customer "Ida" 16505550177: "hi"`,
      `04:01:10 Customer "Ida" 16505550177: "hi"`,
      "--- 2026-08-13 Thursday ---",
      `04:00:10 Customer "Ida" 16505550177: "hi"`
    ])
  })

  it("keeps its columns where nobody knows when something happened", () => {
    assert.deepStrictEqual(read(Delivery.change("moon_phase", {})).map(plain()), [
      `         UnknownFieldReceived "moon_phase"`
    ])
  })

  it("tells whom a status is about, and why a message failed", () => {
    const failed = Delivery.status("wamid.1", "failed", { errors: [{ code: 131_047, title: "Re-engagement" }] })
    const [line = ""] = read(failed).map(plain())
    assert.include(line, `Failed "wamid.1" to 16505550177: 131047 "Re-engagement"`)
  })

  for (const [name, body, format] of [
    ["a message", Delivery.text("wamid.1"), "cyan"],
    ["a message of an unknown type", Delivery.messages({ messages: [{ type: "hologram", id: "wamid.1" }] }), "yellow"],
    ["what was read", Delivery.status("wamid.1", "read"), "green"],
    ["what failed", Delivery.status("wamid.1", "failed"), "red"],
    ["a status that is new", Delivery.status("wamid.1", "pondered"), "yellow"],
    ["an account", Delivery.change("account_update", { event: "VERIFIED_ACCOUNT" }), "magenta"],
    ["an unknown field", Delivery.change("moon_phase", {}), "yellow"],
    ["what is broken", Delivery.messages({ messages: [7] }), "yellow"],
    ["what is no JSON", new TextEncoder().encode("null"), "yellow"],
    ["an error of Meta", Delivery.messages({ errors: [{ code: 1 }] }), "red"]
  ] as const) {
    it(`has a colour by what happened: ${name} is ${format}`, () => {
      const [event] = read(body)
      assert(event !== undefined)
      assert.strictEqual(Show.formatOf(event), format, event._tag)
    })
  }

  it("is the same without its colours, for everything that Meta documents", () => {
    const styled = Show.make((format, text) => styleText(format, text, { validateStream: false }), zone)
    const show = plain()
    for (const event of fixtures.flatMap(({ bytes }) => read(bytes))) {
      const line = styled(event)
      assert.strictEqual(stripVTControlCharacters(line), show(event))
      assert.notInclude(line, "undefined")
    }
  })
})

describe.concurrent("listen, not on a terminal", () => {
  for (const [name, env, expected] of [
    ["has no colours", {}, false],
    ["has colours where they are asked for", { FORCE_COLOR: "1" }, true],
    ["has none where they are refused", { FORCE_COLOR: "1", NO_COLOR: "1", NODE_NO_WARNINGS: "1" }, false]
  ] as const) {
    it.live(name, () =>
      Effect.gen(function* () {
        const server = yield* listen([], { ...environment, ...env })
        yield* server.deliver(Delivery.text("wamid.1", { name: "Ida", text: "\u001b[31mhi" }))
        const line = yield* server.line
        const bare = stripVTControlCharacters(line)
        assert.strictEqual(bare, `2026-08-12T02:00:10.000Z Customer "Ida" 16505550177: "\\u001b[31mhi"`)
        assert.strictEqual(line !== bare, expected)
      })
    )
  }
})

describe.skipIf(!Terminal.isThere)("listen, on a terminal", () => {
  for (const [name, env, red] of [
    ["in colours", {}, "\u001b[31m"],
    ["without colours where they are refused", { NO_COLOR: "1" }, ""]
  ] as const) {
    it.live(`shows the day and the time of where it runs, ${name}`, () =>
      Effect.gen(function* () {
        const { shown } = yield* Terminal.start(["listen", "--port", "0"], {
          env: { ...environment, TZ: "Europe/Rome", ...env }
        })
        const [, url = ""] = /listening on (\S+)\s/.exec(yield* shown("/whatsapp/webhook\r\n")) ?? []
        const body = Delivery.status("wamid.1", "failed")
        assert.strictEqual((yield* Http.post(url, body, signed(body))).status, 200)
        const text = yield* shown("to 16505550177")
        const lines = stripVTControlCharacters(text).split("\r\n")
        assert.deepStrictEqual(lines.slice(1, 2), ["--- 2026-08-12 Wednesday ---"])
        assert.match(lines[2] ?? "", /^04:00:10 Failed "wamid.1" to 16505550177/)
        assert.include(text, `${red}Failed`)
        assert.strictEqual(text.includes("\u001b["), red !== "")
      })
    )
  }
})
