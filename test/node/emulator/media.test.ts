/** Files on their way down from Meta, in messages of either side, and what can go wrong on the way. */
import { get } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { describeOf, fileOf, Id, idOf, picture, product, sha256, upload, uploaded } from "./form.ts"
import {
  call,
  errorOf,
  type Fields,
  makeEmulator,
  makeWebhook,
  makeWorld,
  phone,
  phoneNumberId,
  post,
  secondNumberId,
  statusOf,
  token,
  valueOf,
  wamidOf
} from "./world.ts"

const { MediaFault } = CloudApiEmulator

describe("GET /{version}/{media-id}", () => {
  it.effect(
    "knows a file by its own number and token only",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* uploaded(emulator)
      const ask = (query: string, token?: string) =>
        Effect.map(call(emulator, "GET", `/v23.0/${id}${query}`, token === undefined ? {} : { token }), (answer) =>
          answer.status === 200 ? 200 : errorOf(answer).error_subcode
        )
      assert.strictEqual(yield* ask(`?phone_number_id=${phoneNumberId}`), 200)
      assert.strictEqual(yield* ask(`?phone_number_id=${secondNumberId}`), 33)
      assert.strictEqual(yield* ask("", "EAAother"), 33)
    })
  )

  it.effect(
    "gives a URL that needs the token and lives for five minutes, and then another",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* uploaded(emulator)
      const { url } = yield* describeOf(emulator, id)
      const fetch = (at: string, token?: string | null) =>
        Effect.map(call(emulator, "GET", at, token === undefined ? {} : { token }), ({ status }) => status)
      assert.deepStrictEqual(
        [yield* fetch(url, null), yield* fetch(url, "EAAwrong"), yield* fetch(url, "EAAother")],
        [401, 401, 404]
      )
      assert.strictEqual(yield* fetch(`${url}x`), 404)
      yield* TestClock.adjust("299 seconds")
      assert.strictEqual(yield* fetch(url), 200)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* fetch(url), 404)
      assert.strictEqual(yield* fetch((yield* describeOf(emulator, id)).url), 200)
    })
  )

  it.effect(
    "forgets an uploaded file after 30 days, or as it was told",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* uploaded(emulator)
      const short = idOf(yield* upload(emulator, product, { name: "ttl_minutes", value: "60" }, fileOf(picture)))
      const statusOfMedia = (one: string) => Effect.map(call(emulator, "GET", `/v23.0/${one}`), ({ status }) => status)
      yield* TestClock.adjust("59 minutes")
      assert.strictEqual(yield* statusOfMedia(short), 200)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* statusOfMedia(short), 400)
      yield* TestClock.adjust("29 days")
      assert.strictEqual(yield* statusOfMedia(id), 200)
      yield* TestClock.adjust("1 day")
      assert.strictEqual(yield* statusOfMedia(id), 400)
    })
  )
})

describe("a path that cannot be read", () => {
  it.effect.each([
    ["GET", "/v23.0/%zz"],
    ["POST", "/v23.0/%zz/messages"],
    ["DELETE", "/v23.0/%E0%A4%A?phone_number_id=1"]
  ] as const)(
    "is refused in Meta's form: %s %s",
    Effect.fn(function* ([method, path]) {
      const emulator = yield* makeEmulator()
      const answer = yield* call(emulator, method, path)
      assert.deepStrictEqual([answer.status, errorOf(answer).code, errorOf(answer).error_subcode], [400, 100, 33])
    })
  )
})

describe("DELETE /{version}/{media-id}", () => {
  it.effect(
    "forgets the file, for its own number only",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* uploaded(emulator)
      const { url } = yield* describeOf(emulator, id)
      const foreign = yield* call(emulator, "DELETE", `/v23.0/${id}?phone_number_id=${secondNumberId}`)
      assert.strictEqual(errorOf(foreign).error_subcode, 33)
      const answer = yield* call(emulator, "DELETE", `/v23.0/${id}?phone_number_id=${phoneNumberId}`)
      assert.deepStrictEqual(answer.json(), { success: true })
      assert.strictEqual((yield* call(emulator, "GET", url)).status, 404)
      assert.strictEqual(errorOf(yield* call(emulator, "DELETE", `/v23.0/${id}`)).error_subcode, 33)
    })
  )
})

describe("a message with a file", () => {
  const image = (id: string): Fields => ({ messaging_product: "whatsapp", to: phone, type: "image", image: { id } })
  const places: ReadonlyArray<readonly [name: string, content: (id: string) => Fields]> = [
    ["the message itself", (id) => ({ type: "sticker", sticker: { id } })],
    [
      "a header",
      (id) => ({
        type: "interactive",
        interactive: {
          type: "cta_url",
          header: { type: "document", document: { id } },
          body: { text: "x" },
          action: { name: "cta_url", parameters: { display_text: "x", url: "https://a.example" } }
        }
      })
    ],
    [
      "a card",
      (id) => ({
        type: "interactive",
        interactive: {
          type: "carousel",
          body: { text: "x" },
          action: {
            cards: [0, 1].map((card_index) => ({
              card_index,
              type: "cta_url",
              header: { type: "video", video: { id } },
              action: { name: "cta_url", parameters: { display_text: "x", url: "https://a.example" } }
            }))
          }
        }
      })
    ],
    [
      "a template",
      (id) => ({
        type: "template",
        template: {
          name: "x",
          language: { code: "en" },
          components: [{ type: "header", parameters: [{ type: "image", image: { id } }] }]
        }
      })
    ],
    [
      "a card of a template",
      (id) => ({
        type: "template",
        template: {
          name: "x",
          language: { code: "en" },
          components: [
            {
              type: "carousel",
              cards: [0, 1].map((card_index) => ({
                card_index,
                components: [{ type: "header", parameters: [{ type: "video", video: { id } }] }]
              }))
            }
          ]
        }
      })
    ]
  ]
  it.effect.each(places)(
    "that nobody uploaded is refused, unless any id will do: in %s",
    Effect.fn(function* ([, content]) {
      const body = { messaging_product: "whatsapp", to: phone, ...content("8200000000000001") }
      const strict = yield* makeEmulator({ customerServiceWindow: false })
      const answer = yield* post(strict, body)
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, 131009])
      assert.match(errorOf(answer).error_data?.details ?? "", /8200000000000001/)
      const lax = yield* makeEmulator({ customerServiceWindow: false, mediaIds: "any" })
      assert.strictEqual((yield* post(lax, body)).status, 200)
    })
  )

  it.effect(
    "of another number is refused",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ customerServiceWindow: false })
      const id = yield* uploaded(emulator)
      const answer = yield* post(emulator, image(id), { token: "EAAother", path: `/v23.0/${secondNumberId}/messages` })
      assert.strictEqual(errorOf(answer).code, 131009)
    })
  )

  it.effect(
    "of another kind is accepted, and reported as failed",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ customerServiceWindow: false })
      const pdf = idOf(yield* upload(emulator, product, fileOf("%PDF", "application/pdf", "a.pdf")))
      const answer = yield* post(emulator, image(pdf))
      assert.strictEqual(answer.status, 200)
      const status = statusOf(yield* webhook.next)
      assert.deepInclude(status, { id: wamidOf(answer), status: "failed" })
      assert.match(JSON.stringify(status), /131053.*application\/pdf is no image/)
      assert.deepStrictEqual(yield* ida.received, [])
      const document = {
        messaging_product: "whatsapp",
        to: phone,
        type: "document",
        document: { id: yield* uploaded(emulator) }
      }
      yield* post(emulator, document)
      assert.deepInclude(statusOf(yield* webhook.next), { status: "sent" })
    })
  )
})

describe("a customer's file", () => {
  const Received = Schema.Struct({
    messages: Schema.NonEmptyArray(
      Schema.Struct({
        type: Schema.Literal("image"),
        image: Schema.Struct({
          id: Schema.String,
          mime_type: Schema.String,
          sha256: Schema.String,
          url: Schema.String,
          caption: Schema.String
        })
      })
    )
  })

  it.effect(
    "is fetched by the id in the webhook for seven days, and by the URL in it for five minutes",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      yield* ida.sendMedia({ type: "image", bytes: picture, mimeType: "image/png", caption: "Broken 💡" })
      const { messages } = yield* Schema.decodeUnknownEffect(Received)(valueOf(yield* webhook.next))
      const { image } = messages[0]
      assert.deepStrictEqual(
        [image.mime_type, image.caption, image.sha256],
        ["image/png", "Broken 💡", sha256(picture).toString("base64")]
      )
      assert.deepStrictEqual(Buffer.from((yield* call(emulator, "GET", image.url)).bytes), picture)
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* call(emulator, "GET", image.url)).status, 404)
      const { sha256: hex, url } = yield* describeOf(emulator, image.id)
      assert.strictEqual(hex, sha256(picture).toString("hex"))
      assert.deepStrictEqual(Buffer.from((yield* call(emulator, "GET", url)).bytes), picture)
      yield* TestClock.adjust("7 days")
      assert.strictEqual((yield* call(emulator, "GET", `/v23.0/${image.id}`)).status, 400)
    })
  )

  it.effect(
    "has the members of its kind, and goes to the number that it was sent to",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld()
      const file = { bytes: picture, mimeType: "audio/ogg; codecs=opus" }
      const voice = yield* ida.media({ type: "audio", voice: true, ...file }, { to: secondNumberId })
      const sticker = yield* ida.media(
        { type: "sticker", bytes: picture, mimeType: "image/webp" },
        { replyTo: "wamid.Q" }
      )
      const bill = yield* ida.media({
        type: "document",
        filename: "bill.pdf",
        bytes: picture,
        mimeType: "application/pdf"
      })
      assert.deepNestedInclude(voice.message, { type: "audio", "audio.voice": true, "audio.mime_type": file.mimeType })
      assert.deepNestedInclude(sticker.message, { "sticker.animated": false, "context.id": "wamid.Q" })
      assert.deepNestedInclude(bill.message, { "document.filename": "bill.pdf" })
      const { audio } = yield* Schema.decodeUnknownEffect(Schema.Struct({ audio: Id }))(voice.message)
      assert.strictEqual((yield* call(emulator, "GET", `/v23.0/${audio.id}`)).status, 400)
      assert.strictEqual((yield* call(emulator, "GET", `/v23.0/${audio.id}`, { token: "EAAother" })).status, 200)
    })
  )
})

/** Counts what arrives until the connection ends, whichever way. */
const readRaw = (url: string) =>
  Effect.callback<{ readonly length: number; readonly promised: number }>((resume) => {
    get(url, { headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
      let length = 0
      response.on("data", (chunk: Uint8Array) => {
        length += chunk.length
      })
      response.on("error", () => {})
      response.on("close", () =>
        resume(Effect.succeed({ length, promised: Number(response.headers["content-length"]) }))
      )
    })
  })

describe("failNextDownload", () => {
  const start = Effect.fnUntraced(function* (...faults: ReadonlyArray<CloudApiEmulator.MediaFault>) {
    const emulator = yield* makeEmulator()
    const bytes = Buffer.alloc(300_000, "lamp")
    const id = idOf(yield* upload(emulator, product, fileOf(bytes)))
    yield* emulator.failNextDownload(...faults)
    return { emulator, bytes, id, first: yield* describeOf(emulator, id) }
  })

  it.effect(
    "gives a URL that has expired, once",
    Effect.fn(function* () {
      const { bytes, emulator, first, id } = yield* start(MediaFault.Expired())
      assert.strictEqual((yield* call(emulator, "GET", first.url)).status, 404)
      const { url } = yield* describeOf(emulator, id)
      assert.deepStrictEqual(Buffer.from((yield* call(emulator, "GET", url)).bytes), bytes)
    })
  )

  it.effect.each([1, 150_001])(
    "breaks the connection after %i bytes of the file",
    Effect.fn(function* (afterBytes) {
      const { first } = yield* start(MediaFault.Cut({ afterBytes }))
      const { length, promised } = yield* readRaw(first.url)
      assert.deepStrictEqual([length, promised], [afterBytes, 300_000])
    })
  )

  it.effect(
    "names the digest of another file",
    Effect.fn(function* () {
      const { bytes, emulator, first } = yield* start(MediaFault.WrongHash())
      const file = yield* call(emulator, "GET", first.url)
      assert.deepStrictEqual(Buffer.from(file.bytes), bytes)
      assert.match(first.sha256, /^[0-9a-f]{64}$/)
      assert.notStrictEqual(first.sha256, sha256(bytes).toString("hex"))
    })
  )

  it.effect(
    "gives more bytes than it said",
    Effect.fn(function* () {
      const { emulator, first } = yield* start(MediaFault.Larger({ extraBytes: 17 }))
      assert.strictEqual(first.file_size, "300000")
      assert.strictEqual((yield* call(emulator, "GET", first.url)).bytes.length, 300_017)
    })
  )

  it.effect(
    "leads to a foreign host",
    Effect.fn(function* () {
      const { url } = yield* makeWebhook
      const { first } = yield* start(MediaFault.ForeignHost({ url }))
      assert.strictEqual(first.url, url)
    })
  )
})
