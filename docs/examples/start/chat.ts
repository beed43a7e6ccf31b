/** A person at the terminal, as a customer of the bot. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Console, Effect, Stdio, Stream } from "effect"

const marks = { sent: "✓ sent", delivered: "✓✓ delivered", read: "✓✓ read", failed: "! failed" }

export const chat = Effect.gen(function* () {
  const meta = yield* CloudApiEmulator.CloudApiEmulator
  const { stdin } = yield* Stdio.Stdio
  const you = yield* meta.customer({ name: "You", phone: "16505550177" })

  yield* Console.log(
    "You are a customer. Type a message and press Enter; `offer` gets a template, `again` has Meta deliver your last\n" +
      "message once more, Ctrl-D ends. The bot is docs/examples/10_echo.ts.\n"
  )
  const answers = new Map<string, string>()
  const show = CloudApiEmulator.Activity.$match({
    Accepted: ({ sent }) => {
      answers.set(sent.wamid, `answer ${answers.size + 1}`)
      return Console.log(`bot > ${sent.text}   (${answers.get(sent.wamid)})`)
    },
    Ticked: ({ tick, wamid }) => Console.log(`      ${marks[tick]}: ${answers.get(wamid)}`),
    Attempted: ({ attempt }) =>
      attempt.status === 200
        ? Effect.void
        : Console.log(`      the webhook answered ${attempt.status ?? attempt.failure}`),
    Refused: ({ code, details }) => Console.log(`      Meta refused an answer: ${details} (${code})`),
    Wrote: () => Effect.void,
    Seen: () => Effect.void
  })
  yield* Effect.forkScoped(Stream.runForEach(meta.activity, show), { startImmediately: true })

  let last: CloudApiEmulator.Delivery | undefined
  yield* stdin.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.filter((line) => line.trim() !== ""),
    Stream.runForEach((line) =>
      line.trim() === "again" && last !== undefined
        ? meta.redeliver(last)
        : Effect.tap(you.sendText(line), (delivery) =>
            Effect.sync(() => {
              last = delivery
            })
          )
    )
  )
  yield* meta.awaitIdle
})
