/** The resumable upload: a file in several requests, and a handle at its end. */
import { createHash } from "node:crypto"
import { request } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { call, errorOf, makeEmulator, token } from "./world.ts"

type Emulator = CloudApiEmulator.CloudApiEmulator["Service"]

const bytes = Buffer.alloc(200_000, "lamp")

const open = Effect.fnUntraced(function* (
  emulator: Emulator,
  query = `file_name=lamp.png&file_length=${bytes.length}&file_type=image/png`
) {
  const answer = yield* call(emulator, "POST", `/v23.0/5512/uploads?${query}`)
  return (yield* Schema.decodeUnknownEffect(Schema.Struct({ id: Schema.String }))(answer.json())).id
})

const send = (emulator: Emulator, id: string, from: number, body: Uint8Array) =>
  call(emulator, "POST", `/v23.0/${id}`, { body, headers: { file_offset: String(from) } })

const handleOf = (answer: { readonly json: () => Schema.Json }) =>
  Schema.decodeUnknownSync(Schema.Struct({ h: Schema.String }))(answer.json()).h

const offsetOf = (json: Schema.Json) =>
  Schema.decodeUnknownSync(Schema.Struct({ file_offset: Schema.Int }))(json).file_offset

describe("a resumable upload", () => {
  it.effect(
    "gives a handle for a file in one piece",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      assert.match(id, /^upload:[\w-]+\?sig=[\w-]+$/)
      const handle = handleOf(yield* send(emulator, id, 0, bytes))
      assert.match(handle, /^4::/)
      assert.deepStrictEqual(yield* emulator.uploaded, [
        {
          handle,
          fileName: "lamp.png",
          mimeType: "image/png",
          size: bytes.length,
          sha256: createHash("sha256").update(bytes).digest("hex")
        }
      ])
    })
  )

  it.effect(
    "takes `OAuth` in front of the token",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      const headers = { file_offset: "0", authorization: `OAuth ${token}` }
      handleOf(yield* call(emulator, "POST", `/v23.0/${id}`, { body: bytes, headers, token: null }))
    })
  )

  it.effect(
    "tells where it stands after Meta broke the connection, and goes on from there",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      yield* emulator.cutNextUpload(70_001)
      assert.strictEqual((yield* Effect.flip(send(emulator, id, 0, bytes)))._tag, "HttpClientError")
      assert.deepStrictEqual((yield* call(emulator, "GET", `/v23.0/${id}`)).json(), { id, file_offset: 70_001 })
      yield* emulator.cutNextUpload(0)
      yield* Effect.flip(send(emulator, id, 70_001, bytes.subarray(70_001)))
      handleOf(yield* send(emulator, id, 70_001, bytes.subarray(70_001)))
      const [file] = yield* emulator.uploaded
      assert.strictEqual(file?.sha256, createHash("sha256").update(bytes).digest("hex"))
    })
  )

  it.effect(
    "keeps what arrived of a sender who broke off",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      const offset = Effect.map(call(emulator, "GET", `/v23.0/${id}`), (answer) => offsetOf(answer.json()))
      const sending = yield* begin(`${emulator.url}/v23.0/${id}`, bytes.subarray(0, 60_000))
      yield* Effect.repeat(offset, { until: (at) => at === 60_000 })
      sending.destroy()
      assert.strictEqual(yield* offset, 60_000)
      handleOf(yield* send(emulator, id, 60_000, bytes.subarray(60_000)))
    })
  )

  it.effect(
    "says how far it is when a request brought less than the rest",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      const answer = yield* send(emulator, id, 0, bytes.subarray(0, 10))
      assert.deepStrictEqual(answer.json(), { id, file_offset: 10 })
    })
  )

  it.effect(
    "refuses bytes from another place, and more than were announced",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      const detailsOf = (answer: { readonly json: () => Schema.Json }) => errorOf(answer).error_data?.details
      assert.match(detailsOf(yield* send(emulator, id, 5, bytes)) ?? "", /file_offset must be 0/)
      const none = yield* call(emulator, "POST", `/v23.0/${id}`, { body: bytes })
      assert.strictEqual(errorOf(none).code, 131008)
      const more = yield* send(emulator, id, 0, Buffer.concat([bytes, Buffer.from("x")]))
      assert.match(detailsOf(more) ?? "", /More bytes/)
    })
  )

  it.effect(
    "refuses more than were announced also when it comes piece by piece, and knows the file that it has",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator, "file_length=10&file_type=image/png")
      const refused = yield* send(emulator, id, 0, Buffer.alloc(1_000_000))
      assert.deepStrictEqual([refused.status, errorOf(refused).code], [400, 100])
      assert.match(errorOf(refused).error_data?.details ?? "", /More bytes/)
      const still = yield* send(emulator, id, 10, Buffer.alloc(5))
      assert.match(errorOf(still).error_data?.details ?? "", /More bytes/)
      const handle = handleOf(yield* send(emulator, id, 10, new Uint8Array()))
      assert.deepStrictEqual(
        (yield* emulator.uploaded).map((file) => [file.handle, file.size, file.sha256]),
        [[handle, 10, createHash("sha256").update(Buffer.alloc(10)).digest("hex")]]
      )
    })
  )

  it.effect(
    "is known by its whole id alone",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      for (const part of [id.replace(/\?.*/, ""), id.replace(/\?.*/, "?sig=wrong"), id.replace(/\?.*/, "?sig=")])
        for (const answer of [yield* call(emulator, "GET", `/v23.0/${part}`), yield* send(emulator, part, 0, bytes)])
          assert.deepStrictEqual([answer.status, errorOf(answer).code, errorOf(answer).error_subcode], [400, 100, 33])
      assert.deepStrictEqual((yield* call(emulator, "GET", `/v23.0/${id}`)).json(), { id, file_offset: 0 })
    })
  )

  const openings: ReadonlyArray<readonly [name: string, path: string, code: number]> = [
    ["without length", "5512/uploads?file_type=image/png", 131008],
    ["without type", "5512/uploads?file_length=1", 131008],
    ["of no bytes", "5512/uploads?file_length=0&file_type=image/png", 100],
    ["of a length that is no number", "5512/uploads?file_length=1e3&file_type=image/png", 100],
    ["of a type that no template has", "5512/uploads?file_length=1&file_type=text/html", 100],
    ["of another app", "5513/uploads?file_length=1&file_type=image/png", 100]
  ]
  it.effect.each(openings)(
    "is refused %s",
    Effect.fn(function* ([, path, code]) {
      const emulator = yield* makeEmulator({ appId: "5512" })
      const answer = yield* call(emulator, "POST", `/v23.0/${path}`)
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, code])
    })
  )

  it.effect(
    "is closed to a wrong token, and unknown under another id",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const id = yield* open(emulator)
      const wrong = { token: "EAAwrong" }
      const answers = [
        yield* call(emulator, "POST", "/v23.0/5512/uploads?file_length=1&file_type=image/png", wrong),
        yield* call(emulator, "GET", `/v23.0/${id}`, wrong),
        yield* call(emulator, "POST", `/v23.0/${id}`, wrong)
      ]
      assert.deepStrictEqual(
        answers.map((answer) => errorOf(answer).code),
        [190, 190, 190]
      )
      const unknown = yield* call(emulator, "POST", "/v23.0/upload:nothing?sig=x", { body: bytes })
      assert.strictEqual(errorOf(unknown).error_subcode, 33)
    })
  )
})

/** Begins to send more than it ever will. */
const begin = (url: string, some: Uint8Array) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const headers = { authorization: `Bearer ${token}`, "content-length": String(bytes.length), file_offset: "0" }
      const sending = request(url, { method: "POST", headers, agent: false })
      sending.on("error", () => {})
      sending.write(some)
      return sending
    }),
    (sending) => Effect.sync(() => sending.destroy())
  )
