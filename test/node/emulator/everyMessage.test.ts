import { assert, layer } from "@effect/vitest"
import { WhatsAppClient, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { NodeHttpClient } from "@effect/platform-node"
import { Effect, Layer, Redacted, Schema } from "effect"
import * as World from "./world.ts"

const group = "Y2FwaV9ncm91cDox"
const phone = "16505550177"

const Emulator = Layer.effect(
  CloudApiEmulator.CloudApiEmulator,
  World.makeEmulator({ groups: [group], mediaIds: "any", customerServiceWindow: false })
)

/** A client of the emulator, which reads bodies by a schema of its own. */
const Client = Layer.unwrap(
  Effect.map(CloudApiEmulator.CloudApiEmulator, ({ url }) =>
    Layer.provide(WhatsAppClient.layer, [
      WhatsAppConfig.layer({
        numbers: [{ phoneNumberId: World.phoneNumberId, accessToken: Redacted.make(World.token) }],
        apiUrl: url
      }),
      NodeHttpClient.layerUndici
    ])
  )
)

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const read = Schema.decodeUnknownEffect(SendMessage.MessageBody)

layer(Layer.provideMerge(Client, Emulator))("whatever the schema generates is taken by Meta, and read back", (it) => {
  for (const kind of Message.kinds) {
    const type = kind.fields.type.literal
    it.effect.prop(
      type,
      [kind],
      Effect.fn(function* ([message]) {
        const whatsapp = yield* WhatsAppClient.WhatsAppClient
        const { wamid } = yield* whatsapp.send(type === "pin" ? group : phone, message)
        const sent = (yield* (yield* CloudApiEmulator.CloudApiEmulator).sent).at(-1)
        assert(sent !== undefined && sent.wamid === wamid)
        // By way of JSON, which has no -0.
        assert.deepStrictEqual(throughJson((yield* read(sent.body)).message), throughJson(message))
      }),
      { arbitrary: { runs: type === "interactive" || type === "template" ? 500 : 100 }, timeout: 120_000 }
    )
  }
})
