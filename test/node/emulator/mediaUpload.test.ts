/** Files on their way up to Meta, also those that no honest sender would send. */
import { connect } from "node:net"
import v8 from "node:v8"
import vm from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  boundary,
  describeOf,
  type Emulator,
  fileOf,
  form,
  idOf,
  type Part,
  path,
  picture,
  product,
  sha256,
  upload,
  uploaded,
  uploadRaw
} from "./form.ts"
import { call, errorOf, makeEmulator, makeWorld, phone, post, token } from "./world.ts"

const kilobyte = 1024
const megabyte = 1024 * kilobyte

/** An extended WebP with the flag of an animation. */
const animated = (size: number): Uint8Array => {
  const bytes = Buffer.alloc(size)
  bytes.write("RIFF....WEBPVP8X", "latin1")
  bytes[20] = 0x02
  return bytes
}

v8.setFlagsFromString("--expose-gc")
const collect = Schema.decodeUnknownSync(Schema.declare((gc): gc is () => void => typeof gc === "function"))(
  vm.runInNewContext("gc")
)
/** Bytes that are in use. */
const held = (): number => {
  collect()
  const { external, heapUsed } = process.memoryUsage()
  return heapUsed + external
}

/** Sends a form whose chunks are as they are written here. */
const sendRaw = (emulator: Emulator, chunks: string) =>
  Effect.callback<string>((resume) => {
    let answer = ""
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(emulator.url).port) })
    socket.on("data", (piece) => (answer += String(piece)))
    socket.on("close", () => resume(Effect.succeed(answer)))
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer ${token}\r\n` +
        `transfer-encoding: chunked\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\n\r\n${chunks}`
    )
  })

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
    ["a sticker", "image/webp", "a.webp", 100 * kilobyte]
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
    [
      "a type that would be two headers",
      [product, { name: "type", value: "image/png\r\nset-cookie: a=b" }, fileOf(picture)],
      100,
      /documented types/
    ],
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
    ["two boundaries in a row", `--${boundary}${good.slice(0, 120)}`, `multipart/form-data; boundary=${boundary}`],
    ["a NUL in a name", good.replace("lamp.png", "lamp\u0000.png"), `multipart/form-data; boundary=${boundary}`],
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

  it.live(
    "keeps a file in about as much memory as it has bytes, however small its pieces were",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const count = 300_000
      const [head = "", tail = ""] = Buffer.from(form([product, fileOf("|")]))
        .toString("latin1")
        .split("|")
      const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
      const body = chunk(head) + chunk("x").repeat(count) + chunk(tail) + chunk("")
      const before = held()
      const answer = yield* sendRaw(emulator, body)
      const kept = held() - before
      const id = /"id":"(\d+)"/.exec(answer)?.[1] ?? assert.fail(answer)
      assert.isBelow(kept, 10 * megabyte)
      const media = yield* describeOf(emulator, id)
      const expected = Buffer.alloc(count, "x")
      assert.deepStrictEqual([media.file_size, media.sha256], [String(count), sha256(expected).toString("hex")])
      assert.isTrue(expected.equals((yield* call(emulator, "GET", media.url)).bytes))
    }),
    30_000
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
