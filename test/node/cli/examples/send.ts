/** The examples of `send`, against a local Meta. */
import { assert } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assertDone, type Example, type Examples } from "./world.ts"

const account = {
  businessAccountId: "330011220044556",
  numbers: [
    { phoneNumberId: "207311904455012", displayPhoneNumber: "15550100001", accessToken: "EAAG-token-of-an-example" }
  ],
  appSecret: "secret-of-an-example",
  customerServiceWindow: false
} as const

/** Runs the line as it stands; one message of this type is accepted, and its id printed. */
const sends =
  (type: string, prepare: (folder: string) => void = () => {}): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const meta = yield* CloudApiEmulator.CloudApiEmulator
      prepare(shell.folder)
      const outcome = yield* shell.run(line, {
        WHATSAPP_ACCESS_TOKEN: account.numbers[0].accessToken,
        WHATSAPP_PHONE_NUMBER_ID: account.numbers[0].phoneNumberId,
        WHATSAPP_API_URL: meta.url
      })
      assertDone(outcome)
      const sent = yield* meta.sent
      assert.deepStrictEqual(
        sent.map((one) => one.type),
        [type]
      )
      assert.include(outcome.stdout, sent[0]?.wamid ?? "a message")
    }).pipe(Effect.provide(CloudApiEmulator.layer(account)))

const jpeg = (folder: string) => writeFileSync(join(folder, "menu.jpg"), new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))

export const send: Examples = {
  'effect-whatsapp send "+39 340 123 4567" "On our way"': sends("text"),
  "date | effect-whatsapp send 15551230000 - --json": sends("text"),
  'effect-whatsapp send 15551230000 -- "-5 degrees"': sends("text"),
  'effect-whatsapp send 15551230000 --message \'{"template":{"name":"hello_world","language":{"code":"en_US"}}}\'':
    sends("template"),
  'effect-whatsapp send 15551230000 "Today\'s menu" --file menu.jpg': sends("image", jpeg),
  "effect-whatsapp send 15551230000 --file https://example.com/menu.pdf": sends("document")
}
