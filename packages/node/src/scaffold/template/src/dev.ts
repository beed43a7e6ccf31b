/** `npm run dev`: the bot against a Meta on this machine, and you are its customer. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, Layer, References, Stdio, Stream } from "effect"
import { onLocalMeta, ownerPhone } from "./localMeta.ts"
import { Client, Owner, stores } from "./whatsapp/config.ts"
import { Bot } from "./whatsapp/listeners.ts"
import { Webhook } from "./whatsapp/webhook.ts"

const World = onLocalMeta(Webhook.pipe(Layer.provide(Bot), Layer.provide([Client, Owner, stores.memory])))

const show = CloudApiEmulator.Activity.$match({
  Accepted: ({ sent }) => Console.log(`bot > ${sent.text}`),
  Ticked: ({ tick }) => (tick === "read" ? Console.log("      ✓✓ read") : Effect.void),
  Attempted: ({ attempt }) =>
    attempt.status === 200
      ? Effect.void
      : Console.log(`      the webhook answered ${attempt.status ?? attempt.failure}`),
  Refused: ({ code, details }) => Console.log(`      Meta refused an answer: ${details} (${code})`),
  Wrote: () => Effect.void,
  Seen: () => Effect.void
})

const chat = Effect.gen(function* () {
  const meta = yield* CloudApiEmulator.CloudApiEmulator
  const { stdin } = yield* Stdio.Stdio
  const you = yield* meta.customer({ name: "You", phone: "16505550177" })
  const owner = yield* meta.customer({ name: "You", phone: ownerPhone })
  yield* Console.log(
    "You are a customer. Type a message and press Enter; one that starts with `owner:` comes from the owner.\n" +
      "Ctrl-D ends.\n"
  )
  yield* Effect.forkScoped(Stream.runForEach(meta.activity, show), { startImmediately: true })
  yield* stdin.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.filter((line) => line.trim() !== ""),
    Stream.runForEach((line) => {
      const [, fromOwner] = /^owner: *(.+)$/.exec(line) ?? []
      return fromOwner === undefined ? you.sendText(line) : owner.sendText(fromOwner)
    })
  )
  yield* meta.awaitIdle
})

chat.pipe(
  Effect.scoped,
  Effect.provide([World, NodeServices.layer]),
  // Your screen is for the conversation. Set it to "Info" to see what the bot logs.
  Effect.provideService(References.MinimumLogLevel, "Warn"),
  NodeRuntime.runMain
)
