import { assert, describe, it, vi } from "@effect/vitest"
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { join } from "node:path"
import { inFolder } from "../inbox/sqlite.ts"
import { families, familyOf } from "../../../packages/node/src/cli/internal/family.ts"
import * as CommandLine from "./commandLine.ts"
import { decode, environment, listen, tags, wamids } from "./listening.ts"

vi.setConfig({ testTimeout: 60_000 })

const mixed = Delivery.messages({
  messages: [
    Delivery.textItem("wamid.brazil", { from: "551187654321" }),
    Delivery.textItem("wamid.mexico", { from: "5215512345678" }),
    Delivery.textItem("wamid.argentina", { from: "541112345678" }),
    Delivery.textItem("wamid.italy", { from: "393401234567" }),
    Delivery.textItem("wamid.nobody", { from: null, userId: "US.48210773395516620014" }),
    Delivery.textItem("wamid.other", { from: null, userId: "US.48210773395516620015" })
  ],
  statuses: [Delivery.statusItem("wamid.sent", "read", { recipient: "5511987654321" })]
})
const last = Delivery.messages({ messages: [Delivery.textItem("wamid.last", { from: "393401234567" })] })

/** What is printed of the mixed delivery, with these flags and all that lets the last message through. */
const printed = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const server = yield* listen(["--json", ...args])
  yield* server.deliver(
    mixed,
    Delivery.change("account_update", { event: "VERIFIED_ACCOUNT" }),
    Delivery.change("moon_phase", {}),
    last
  )
  const found: Array<WhatsAppEvent> = []
  while (wamids(found).at(-1) !== "wamid.last") found.push(yield* decode(yield* server.line))
  return found.slice(0, -1)
})

describe.concurrent("listen --on", () => {
  for (const [name, args, expected] of [
    ["a tag", ["--on", "TextReceived"], ["TextReceived"]],
    ["several", ["--on", "TextReceived", "--on=StatusUpdate"], ["TextReceived", "StatusUpdate"]],
    ["families", ["--on", "message", "--on", "problem"], ["TextReceived", "UnknownFieldReceived"]],
    ["a family and a tag", ["--on", "AccountUpdated", "--on", "message"], ["TextReceived", "AccountUpdated"]]
  ] as const) {
    it.live(`prints only what is named, by ${name}`, () =>
      Effect.gen(function* () {
        assert.sameMembers([...new Set<string>(tags(yield* printed(...args)))], [...expected])
      })
    )
  }

  it.live("handles what it does not print: it does not come later", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const args = ["--json", "--db", join(folder, "bot.db")]
        const first = yield* listen([...args, "--on", "status"])
        yield* first.deliver(Delivery.text("wamid.text"), Delivery.status("wamid.status", "read"))
        assert.include(yield* first.line, "wamid.status")
        yield* first.signal("SIGTERM")
        assert.strictEqual((yield* first.outcome).code, 0)
        const second = yield* listen(args)
        assert.deepStrictEqual(yield* second.events(0), [])
      }, Effect.scoped)
    )
  )

  for (const [word, said] of [
    ["TextRecieved", "did you mean TextReceived?"],
    ["textreceived", "did you mean TextReceived?"],
    ["Statuses", "did you mean status?"],
    ["no-such-thing-at-all", "--on takes a tag"],
    ["constructor", "--on takes a tag"],
    ["", "--on takes a tag"],
    ["a\u001b[2J", "--on takes a tag"],
    ["x".repeat(100_000), "--on takes a tag"]
  ] as const) {
    it.live(`calls an event that there is not a wrong call: ${JSON.stringify(word.slice(0, 30))}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["listen", "--port", "0", `--on=${word}`], { env: environment })
        CommandLine.assertReadable(outcome, 2)
        assert.include(outcome.stderr, said)
      })
    )
  }

  it("has every event in one family", () => {
    const all = Object.values<ReadonlyArray<string>>(families).flat()
    assert.deepStrictEqual(all.toSorted(), Object.keys(WhatsAppEvent.guards).toSorted())
    assert.strictEqual(familyOf("TextReceived"), "message")
  })
})

describe.concurrent("listen --from", () => {
  for (const [name, people, expected] of [
    ["Brazil, with the ninth digit", ["+55 11 98765-4321"], ["wamid.brazil", "wamid.sent"]],
    ["Brazil, without it", ["551187654321"], ["wamid.brazil", "wamid.sent"]],
    ["Mexico, without the 1", ["+52 55 1234 5678"], ["wamid.mexico"]],
    ["Argentina, with the 9", ["+54 9 11 1234-5678"], ["wamid.argentina"]],
    ["a BSUID, and a phone", ["US.48210773395516620014", "5215512345678"], ["wamid.nobody", "wamid.mexico"]]
  ] as const) {
    it.live(`prints what one did and what they were sent: ${name}`, () =>
      Effect.gen(function* () {
        // Another one, who is known to write at the end.
        const args = [...people, "+39 340 123 4567"].flatMap((person) => ["--from", person])
        assert.sameMembers([...wamids(yield* printed(...args))], [...expected, "wamid.italy"])
      })
    )
  }

  it.live("prints what both flags let through", () =>
    Effect.gen(function* () {
      const people = ["--from", "5511987654321", "--from", "393401234567"]
      const found = yield* printed("--on", "message", ...people)
      assert.sameMembers([...wamids(found)], ["wamid.brazil", "wamid.italy"])
    })
  )

  for (const person of ["somebody", "0340", "Y2FwaV9ncm91cDp0ZXN0", ""]) {
    it.live(`calls who is nobody a wrong call: ${JSON.stringify(person)}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["listen", "--port", "0", `--from=${person}`], { env: environment })
        CommandLine.assertReadable(outcome, 2)
        assert.include(outcome.stderr, "a phone number with country code, or a BSUID")
      })
    )
  }
})
