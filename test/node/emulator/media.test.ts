/** Files: up to Meta, down from Meta, and what can go wrong on the way. */
import { createHash } from "node:crypto"
import { get } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
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

type Emulator = CloudApiEmulator.CloudApiEmulator["Service"]

interface Part {
  readonly name: string
  readonly value: string | Uint8Array
  readonly fileName?: string
  readonly type?: string
}

const boundary = "lamps-and-more"

const form = (parts: ReadonlyArray<Part>): Uint8Array =>
  Buffer.concat([
    ...parts.flatMap(({ fileName, name, type, value }) => [
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"`),
      Buffer.from(fileName === undefined ? "" : `; filename="${fileName}"`),
      Buffer.from(`${type === undefined ? "" : `\r\ncontent-type: ${type}`}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from("\r\n")
    ]),
    Buffer.from(`--${boundary}--\r\n`)
  ])

const product: Part = { name: "messaging_product", value: "whatsapp" }
const fileOf = (value: string | Uint8Array, type = "image/png", fileName = "lamp.png"): Part => ({
  name: "file",
  value,
  fileName,
  type
})

const path = `/v23.0/${phoneNumberId}/media`

const uploadRaw = (emulator: Emulator, body: string | Uint8Array, type = `multipart/form-data; boundary=${boundary}`) =>
  call(emulator, "POST", path, { body, headers: { "content-type": type } })

const upload = (emulator: Emulator, ...parts: ReadonlyArray<Part>) => uploadRaw(emulator, form(parts))

const Id = Schema.Struct({ id: Schema.String })
const idOf = (answer: { readonly json: () => Schema.Json }) => Schema.decodeUnknownSync(Id)(answer.json()).id

const Media = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  url: Schema.String,
  mime_type: Schema.String,
  sha256: Schema.String,
  file_size: Schema.String,
  id: Schema.String
})
const describeOf = (emulator: Emulator, id: string) =>
  Effect.map(call(emulator, "GET", `/v23.0/${id}`), (answer) =>
    Schema.decodeUnknownSync(Media, { onExcessProperty: "error" })(answer.json())
  )

/** A picture of one colour, as far as anybody here looks. */
const picture = Buffer.from("\u0089PNG a blue lamp", "latin1")
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest()

const uploaded = Effect.fnUntraced(function* (emulator: Emulator, bytes: Uint8Array = picture) {
  return idOf(yield* upload(emulator, product, fileOf(bytes)))
})

const kilobyte = 1024
const megabyte = 1024 * kilobyte

/** An extended WebP with the flag of an animation. */
const animated = (size: number): Uint8Array => {
  const bytes = Buffer.alloc(size)
  bytes.write("RIFF....WEBPVP8X", "latin1")
  bytes[20] = 0x02
  return bytes
}

describe("POST /{version}/{phone-number-id}/media", () => {
  it.effect(
    "keeps a file under an id, by which it is found, fetched and sent",
    Effect.fn(function* () {
      const { emulator, ida, openWindow } = yield* makeWorld()
      yield* openWindow
      const answer = yield* upload(emulator, product, { name: "type", value: "image/png" }, fileOf(picture))
      assert.strictEqual(answer.status, 200)
      const id = idOf(answer)
      assert.match(id, /^\d{16}$/)
      const media = yield* describeOf(emulator, id)
      assert.deepStrictEqual(
        { ...media, url: "" },
        {
          messaging_product: "whatsapp",
          url: "",
          mime_type: "image/png",
          sha256: sha256(picture).toString("hex"),
          file_size: String(picture.length),
          id
        }
      )
      const file = yield* call(emulator, "GET", media.url)
      assert.deepStrictEqual([file.status, file.headers["content-type"]], [200, "image/png"])
      assert.deepStrictEqual(Buffer.from(file.bytes), picture)
      const image = { messaging_product: "whatsapp", to: phone, type: "image", image: { id } }
      assert.strictEqual((yield* post(emulator, image)).status, 200)
      assert.strictEqual((yield* ida.next).text, "[image]")
    })
  )

  const sizes = [
    ["a picture", "image/jpeg", "a.jpg", 5 * megabyte],
    ["a video", "video/3gpp", "a.3gp", 16 * megabyte],
    ["an audio file", "audio/ogg; codecs=opus", "a.ogg", 16 * megabyte],
    ["a sticker", "image/webp", "a.webp", 100 * kilobyte],
    ["a document", "application/pdf", "a.pdf", 100 * megabyte]
  ] as const
  it.effect.each(sizes)(
    "takes %s up to the documented size, and refuses a byte more",
    Effect.fn(function* ([, type, name, size]) {
      const emulator = yield* makeEmulator()
      const bytes = Buffer.alloc(size + 1)
      const within = yield* upload(emulator, product, fileOf(bytes.subarray(0, size), type, name))
      assert.strictEqual(within.status, 200)
      assert.strictEqual((yield* describeOf(emulator, idOf(within))).file_size, String(size))
      const beyond = yield* upload(emulator, product, fileOf(bytes, type, name))
      assert.deepStrictEqual([beyond.status, errorOf(beyond).code], [400, 100])
      assert.match(errorOf(beyond).error_data?.details ?? "", new RegExp(`at most ${size} bytes`))
    })
  )

  it.effect(
    "takes a sticker of 500 KB when it moves",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const sticker = (size: number) => upload(emulator, product, fileOf(animated(size), "image/webp", "a.webp"))
      assert.strictEqual((yield* sticker(500 * kilobyte)).status, 200)
      assert.strictEqual((yield* sticker(500 * kilobyte + 1)).status, 400)
    })
  )

  it.effect(
    "forgets the oldest files beyond 256 MiB",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const bytes = Buffer.alloc(100 * megabyte)
      const big = () => Effect.map(upload(emulator, product, fileOf(bytes, "application/pdf", "a.pdf")), idOf)
      const [first, second, third] = [yield* big(), yield* big(), yield* big()]
      const statuses = yield* Effect.forEach([first, second, third], (id) =>
        Effect.map(call(emulator, "GET", `/v23.0/${id}`), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [400, 200, 200])
    })
  )

  it.effect(
    "takes other types as documents, and the type of the part when no other is given",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const answer = yield* upload(emulator, product, fileOf("a,b", "text/csv", "a.csv"))
      assert.strictEqual((yield* describeOf(emulator, idOf(answer))).mime_type, "text/csv")
      const named = yield* upload(
        emulator,
        product,
        { name: "type", value: "audio/mp4" },
        fileOf("x", "application/octet-stream", "a.m4a")
      )
      assert.strictEqual((yield* describeOf(emulator, idOf(named))).mime_type, "audio/mp4")
    })
  )

  const refusals: ReadonlyArray<readonly [name: string, parts: ReadonlyArray<Part>, code: number, details: RegExp]> = [
    ["no messaging_product", [fileOf(picture)], 100, /messaging_product is required/],
    ["another messaging_product", [{ ...product, value: "sms" }, fileOf(picture)], 100, /messaging_product/],
    ["no file", [product], 100, /file is required/],
    ["a file that is a field", [product, { name: "file", value: "@lamp.png" }], 100, /file is required/],
    ["a file under another name", [product, { ...fileOf(picture), name: "upload" }], 100, /file is required/],
    ["two files", [product, fileOf(picture), fileOf(picture)], 100, /twice/],
    ["an empty file", [product, fileOf("")], 100, /empty/],
    ["a file of no type", [product, fileOf("x", "application/octet-stream", "a.bin")], 100, /documented types/],
    ["a type that is none", [product, { name: "type", value: "a picture" }, fileOf(picture)], 100, /documented types/],
    ["a name of another type", [product, fileOf(picture, "image/jpeg", "lamp.png")], 131053, /do not fit/],
    [
      "a part of another type",
      [product, { name: "type", value: "image/jpeg" }, fileOf(picture, "image/png", "a")],
      131053,
      /do not fit/
    ],
    [
      "a life of an hour less a minute",
      [product, { name: "ttl_minutes", value: "59" }, fileOf(picture)],
      100,
      /60 to 43200/
    ],
    [
      "a life that is too long",
      [product, { name: "ttl_minutes", value: "43201" }, fileOf(picture)],
      100,
      /60 to 43200/
    ],
    ["more than twenty parts", Array.from({ length: 21 }, () => product), 100, /could not be read/],
    [
      "a field of 64 KB",
      [product, { name: "type", value: "x".repeat(65_537) }, fileOf(picture)],
      100,
      /could not be read/
    ]
  ]
  it.effect.each(refusals)(
    "refuses %s",
    Effect.fn(function* ([, parts, code, details]) {
      const emulator = yield* makeEmulator()
      const answer = yield* upload(emulator, ...parts)
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, code])
      assert.match(errorOf(answer).error_data?.details ?? "", details)
    })
  )

  const good = Buffer.from(form([product, fileOf(picture)])).toString("latin1")
  const hostile: ReadonlyArray<readonly [name: string, body: string, type: string]> = [
    ["JSON", `{"messaging_product":"whatsapp","file":"@/etc/passwd"}`, "application/json"],
    ["an empty body", "", `multipart/form-data; boundary=${boundary}`],
    ["no boundary", good, "multipart/form-data"],
    ["an empty boundary", good, "multipart/form-data; boundary="],
    ["another boundary", good, "multipart/form-data; boundary=other"],
    ["a body that ends in the file", good.slice(0, -30), `multipart/form-data; boundary=${boundary}`],
    ["a body that ends in a header", good.slice(0, 40), `multipart/form-data; boundary=${boundary}`],
    ["a part without a name", good.replace(`; name="file"`, ""), `multipart/form-data; boundary=${boundary}`],
    [
      "a part without headers",
      `--${boundary}\r\n\r\nx\r\n--${boundary}--\r\n`,
      `multipart/form-data; boundary=${boundary}`
    ],
    [
      "a header that never ends",
      `--${boundary}\r\n${"a".repeat(1_000_000)}`,
      `multipart/form-data; boundary=${boundary}`
    ],
    ["line breaks of another kind", good.replaceAll("\r\n", "\n"), `multipart/form-data; boundary=${boundary}`]
  ]
  it.effect.each(hostile)(
    "refuses %s readably, and goes on",
    Effect.fn(function* ([, body, type]) {
      const emulator = yield* makeEmulator()
      const answer = yield* uploadRaw(emulator, Buffer.from(body, "latin1"), type)
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, 100])
      assert.match(errorOf(answer).error_data?.details ?? "", /multipart|required|file/)
      assert.match(yield* uploaded(emulator), /^\d+$/)
    })
  )

  it.effect.prop(
    "answers in Meta's form whatever the bytes are",
    [
      Schema.Array(
        Schema.Union([
          Schema.String,
          Schema.Literals(["\r\n", `--${boundary}`, "--", good.slice(0, 120), `name="file"`])
        ])
      )
    ],
    ([pieces]) =>
      Effect.gen(function* () {
        const emulator = yield* makeEmulator()
        const answer = yield* uploadRaw(emulator, pieces.join(""))
        if (answer.status !== 200) assert.isAtLeast(errorOf(answer).code, 1)
      }),
    { arbitrary: { runs: 30 } }
  )

  it.effect.each([
    ["an upper folder", "../../../etc/passwd"],
    ["an upper folder of Windows", "..\\..\\boot.ini"],
    ["a folder", "/etc/passwd"],
    ["ten thousand letters", "a".repeat(10_000)],
    ["a picture", "💡.png"],
    ["nothing", ""]
  ] as const)(
    "takes a file whose name is %s as bytes and nothing more",
    Effect.fn(function* ([, name]) {
      const emulator = yield* makeEmulator()
      const answer = yield* upload(emulator, product, fileOf(picture, "image/png", name))
      assert.strictEqual(answer.status, 200)
      const { url } = yield* describeOf(emulator, idOf(answer))
      assert.deepStrictEqual(Buffer.from((yield* call(emulator, "GET", url)).bytes), picture)
    })
  )

  it.effect(
    "is closed to a wrong token, and to another number's",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const body = form([product, fileOf(picture)])
      const headers = { "content-type": `multipart/form-data; boundary=${boundary}` }
      const codeOf = (token: string | null) =>
        Effect.map(call(emulator, "POST", path, { body, headers, token }), (answer) => errorOf(answer).code)
      assert.deepStrictEqual(
        [yield* codeOf(null), yield* codeOf("EAAwrong"), yield* codeOf("EAAother")],
        [190, 190, 100]
      )
    })
  )
})

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
      const { image } = Schema.decodeUnknownSync(Received)(valueOf(yield* webhook.next)).messages[0]
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
      const { audio } = Schema.decodeUnknownSync(Schema.Struct({ audio: Id }))(voice.message)
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
