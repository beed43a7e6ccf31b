/** The example that sends more than texts, as a process of its own, with a customer of the emulator. */
import { assert, it } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Context, Effect, Layer, Schema } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const phoneNumberId = "207311904455012"
const token = "EAAG-orchid-token"

const startShop = Effect.fnUntraced(function* (apiUrl: string) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=effect-whatsapp-source", "docs/examples/40_shop.ts"], {
        cwd: root,
        env: {
          PORT: "0",
          WHATSAPP_ACCESS_TOKEN: token,
          WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
          WHATSAPP_API_URL: apiUrl,
          WHATSAPP_APP_SECRET: "orchid-secret",
          WHATSAPP_VERIFY_TOKEN: "orchid-7"
        },
        stdio: "pipe"
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const port = yield* Effect.callback<string, string>((resume) => {
    let log = ""
    const read = (chunk: string) => {
      log += chunk
      const [, port] = /Listening on \S+:(\d+)/.exec(log) ?? []
      if (port !== undefined) resume(Effect.succeed(port))
    }
    child.stdout.setEncoding("utf8").on("data", read)
    child.stderr.setEncoding("utf8").on("data", read)
    child.on("close", () => resume(Effect.fail(`It ended: ${log}`)))
  })
  return `http://127.0.0.1:${port}/whatsapp/webhook`
})

const Sent = Schema.Struct({ image: Schema.Struct({ id: Schema.String }) })

it.live(
  "the shop offers buttons, a list, a file and a template, and gives a photo back",
  () =>
    Effect.gen(function* () {
      const emulator = yield* Effect.map(
        Layer.build(
          CloudApiEmulator.layer({
            businessAccountId: "330011220044556",
            appSecret: "orchid-secret",
            numbers: [{ phoneNumberId, displayPhoneNumber: "15557300142", accessToken: token }],
            templates: [
              {
                name: "weekly_offer",
                language: "en",
                category: "marketing",
                body: "Hello {{first_name}}, {{plant}} is {{discount}} off this week."
              }
            ]
          })
        ),
        Context.get(CloudApiEmulator.CloudApiEmulator)
      )
      yield* emulator.setWebhookUrl(yield* startShop(emulator.url))
      const ida = yield* emulator.customer({ phone: "16505550177", name: "Ida" })
      const press = (id: string, title: string) =>
        ida.send({ type: "interactive", interactive: { type: "button_reply", button_reply: { id, title } } })

      yield* ida.sendText("hello")
      assert.include((yield* ida.next).text, "What can we do for you?")
      yield* press("visit", "Book a visit")
      assert.include((yield* ida.next).text, "When would you like to come?")
      yield* press("prices", "Prices")
      assert.include((yield* ida.next).text, "prices.txt")
      yield* press("offer", "This week's offer")
      assert.strictEqual((yield* ida.next).text, "Hello Ida, the fern is 20% off this week.")

      const bytes = Uint8Array.from({ length: 5000 }, (_, at) => at % 253)
      const { wamid } = yield* ida.sendMedia({ type: "image", bytes, mimeType: "image/jpeg" })
      const photo = yield* ida.next
      assert.deepStrictEqual([photo.type, photo.replyTo], ["image", wamid])
      const { image } = yield* Schema.decodeUnknownEffect(Sent)(photo.body)
      assert.notStrictEqual(image.id, "")
      assert.strictEqual((yield* ida.next).type, "reaction")
      // It was seen typing, which marks as read.
      assert.isAbove((yield* ida.seen).length, 0)
    }),
  60_000
)
