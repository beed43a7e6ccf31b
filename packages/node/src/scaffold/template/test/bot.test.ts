/** The bot as it is, against a Meta on this machine; what is swapped is what it remembers. */
import { Deduplication } from "@effect-whatsapp/core/services"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { onLocalMeta, ownerPhone } from "../src/localMeta.ts"
import { Client, Owner } from "../src/whatsapp/config.ts"
import { Bot } from "../src/whatsapp/listeners.ts"
import { Webhook } from "../src/whatsapp/webhook.ts"

const worldWith = (deduplication: Layer.Layer<Deduplication.Deduplication>) =>
  onLocalMeta(Webhook.pipe(Layer.provide(Bot), Layer.provide([Client, Owner, Inbox.layerMemory(), deduplication])))

/** What the bot answers when Meta delivers a message twice, and then another one. */
const answers = Effect.gen(function* () {
  const meta = yield* CloudApiEmulator.CloudApiEmulator
  const ida = yield* meta.customer({ name: "Ida", phone: "16505550177" })
  const first = yield* ida.sendText("first")
  const one = yield* ida.next
  yield* meta.redeliver(first)
  yield* ida.sendText("second")
  const two = yield* ida.next
  return [one.text, two.text]
})

// The network has a clock of its own, and so these tests run on the real one.
layer(worldWith(Deduplication.layerMemory()), { excludeTestServices: true })("the bot", (it) => {
  it.effect("answers each message once, however often Meta delivers it", () =>
    Effect.map(answers, (texts) => assert.deepStrictEqual(texts, ["first", "second"]))
  )

  it.effect("knows its owner, and Meta reports that the answer was read", () =>
    Effect.gen(function* () {
      const meta = yield* CloudApiEmulator.CloudApiEmulator
      const owner = yield* meta.customer({ name: "Olga", phone: ownerPhone })
      yield* owner.sendText("Good morning")
      const answer = yield* owner.next
      assert.strictEqual(answer.text, "Boss, you wrote: Good morning")
      yield* meta.awaitTick(answer.wamid, "read")
    })
  )
})

layer(worldWith(Deduplication.layerNone), { excludeTestServices: true })("without deduplication", (it) => {
  it.effect("answers what is delivered again again", () =>
    Effect.map(answers, (texts) => assert.deepStrictEqual(texts, ["first", "first"]))
  )
})
