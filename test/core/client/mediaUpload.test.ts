import { NodeFileSystem, NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Upload } from "@effect-whatsapp/core/client"
import { MediaId, PhoneNumberId } from "@effect-whatsapp/core/domain"
import { type MediaKind, mediaTypes } from "@effect-whatsapp/core/message"
import { Data, Deferred, Effect, Fiber, FileSystem, Layer, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import * as Graph from "./graph.ts"
import * as Servers from "./servers.ts"

interface Received {
  readonly url: string | undefined
  readonly headers: { readonly [name: string]: unknown }
  readonly body: Buffer
}

/** A Meta that takes every upload. */
const metaBy = Effect.fnUntraced(function* (client?: Layer.Layer<HttpClient.HttpClient>) {
  const received: Array<Received> = []
  const url = yield* Servers.http((request, response) => {
    const pieces: Array<Buffer> = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.on("error", () => {})
    request.on("end", () => {
      received.push({ url: request.url, headers: request.headers, body: Buffer.concat(pieces) })
      response.end(JSON.stringify({ id: "9100000001" }))
    })
  })
  return { received, whatsapp: yield* Servers.client(url, client) }
})
const meta = metaBy()
const formOf = ({ body, headers }: Received): Promise<FormData> =>
  new Response(new Uint8Array(body), { headers: { "content-type": String(headers["content-type"]) } }).formData()
const fileOf = (form: FormData) => {
  const file = form.get("file")
  return file instanceof File ? file : assert.fail("there is no file")
}

const jpeg = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251)

describe("an upload", () => {
  it.live(
    "is one form with the file, of a length that is said before",
    Effect.fn(function* () {
      const { received, whatsapp } = yield* meta
      const uploaded = yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { name: "menu.jpg" }))
      assert.deepStrictEqual(uploaded, { mediaId: MediaId.make("9100000001") })
      const [request] = received
      if (request === undefined) return assert.fail("nothing came")
      assert.strictEqual(request.url, `/v23.0/${Graph.sales}/media`)
      assert.strictEqual(request.headers["authorization"], `Bearer ${Graph.token}`)
      assert.strictEqual(request.headers["content-length"], String(request.body.length))
      assert.isUndefined(request.headers["transfer-encoding"])
      const form = yield* Effect.promise(() => formOf(request))
      assert.deepStrictEqual(Array.from(form.keys()), ["messaging_product", "type", "file"])
      assert.strictEqual(form.get("messaging_product"), "whatsapp")
      assert.strictEqual(form.get("type"), "image/jpeg")
      const file = fileOf(form)
      assert.deepStrictEqual([file.name, file.type, file.size], ["menu.jpg", "image/jpeg", jpeg.length])
      assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => file.arrayBuffer())), jpeg)
    })
  )
  it.live.each([
    ["node:http", NodeHttpClient.layerNodeHttp],
    ["undici", NodeHttpClient.layerUndici]
  ] as const)(
    "is the same by %s",
    Effect.fn(function* ([, client]) {
      const { received, whatsapp } = yield* metaBy(client)
      yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { name: "menu.jpg" }))
      const [request] = received
      if (request === undefined) return assert.fail("nothing came")
      assert.strictEqual(request.headers["content-length"], String(request.body.length))
      const file = fileOf(yield* Effect.promise(() => formOf(request)))
      assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => file.arrayBuffer())), jpeg)
      const short = Upload.fromStream(Stream.make(jpeg), { size: jpeg.length + 1, type: "image/png" })
      const error = yield* Effect.flip(whatsapp.uploadMedia(short))
      assert.strictEqual(error.reason._tag, "InvalidMessage")
    })
  )
  it.live(
    "is made from the number that will send it",
    Effect.fn(function* () {
      const { received, whatsapp } = yield* meta
      yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "image/png" }), {
        from: PhoneNumberId.make(Graph.support)
      })
      assert.strictEqual(received[0]?.url, `/v23.0/${Graph.support}/media`)
      assert.strictEqual(received[0]?.headers["authorization"], `Bearer ${Graph.otherToken}`)
    })
  )
  it.live(
    "comes from bytes, a blob, a stream or a path, and is read again for each try",
    Effect.fn(function* () {
      const { received, whatsapp } = yield* meta
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* fileSystem.makeTempDirectoryScoped()
      yield* fileSystem.writeFile(`${folder}/a menu.PNG`, jpeg)
      const uploads: ReadonlyArray<Upload.Upload<unknown>> = [
        Upload.fromBytes(jpeg, { type: "image/png", name: "a menu.PNG" }),
        Upload.fromBlob(new File([jpeg], "a menu.PNG", { type: "image/png" })),
        Upload.fromStream(Stream.make(jpeg.subarray(0, 7), new Uint8Array(), jpeg.subarray(7)), {
          size: jpeg.length,
          name: "a menu.PNG"
        }),
        yield* Upload.fromPath(`${folder}/a menu.PNG`)
      ]
      for (const upload of uploads) {
        for (const _ of ["first", "second"]) {
          yield* whatsapp.uploadMedia(upload)
          const request = received.pop()
          if (request === undefined) return assert.fail("nothing came")
          const file = fileOf(yield* Effect.promise(() => formOf(request)))
          assert.deepStrictEqual([file.name, file.type], ["a menu.PNG", "image/png"])
          assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => file.arrayBuffer())), jpeg)
        }
      }
    }, Effect.provide(NodeFileSystem.layer))
  )
  it.live(
    "names the file as its type is, because Meta refuses what does not fit",
    Effect.fn(function* () {
      const { received, whatsapp } = yield* meta
      const nameOf = Effect.fnUntraced(function* (description: Upload.Description) {
        yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, description))
        const request = received.pop()
        return request === undefined
          ? assert.fail("nothing came")
          : fileOf(yield* Effect.promise(() => formOf(request))).name
      })
      assert.strictEqual(yield* nameOf({ type: "image/jpeg" }), "file.jpg")
      assert.strictEqual(yield* nameOf({ type: "image/jpeg", name: "a.JPEG" }), "a.JPEG")
      assert.strictEqual(yield* nameOf({ type: "audio/ogg; codecs=opus", name: "voice" }), "voice.ogg")
      assert.strictEqual(yield* nameOf({ type: "image/png", name: "a.jpg" }), "a.jpg.png")
      assert.strictEqual(yield* nameOf({ type: "application/zip", name: "all.zip" }), "all.zip")
    })
  )
  it.live(
    "is of the type that its extension stands for in the kind that it is for",
    Effect.fn(function* () {
      const { received, whatsapp } = yield* meta
      const sentAs = Effect.fnUntraced(function* (name: string, kind?: MediaKind) {
        yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { name }), { kind })
        const request = received.pop()
        if (request === undefined) return assert.fail("nothing came")
        const file = fileOf(yield* Effect.promise(() => formOf(request)))
        return [file.type, file.name]
      })
      assert.deepStrictEqual(yield* sentAs("x.mp4", "audio"), ["audio/mp4", "x.mp4"])
      assert.deepStrictEqual(yield* sentAs("x.mp4"), ["video/mp4", "x.mp4"])
      assert.deepStrictEqual(yield* sentAs("x.mp4", "document"), ["video/mp4", "x.mp4"])
    })
  )
  it.live.each([
    ["fetch", FetchHttpClient.layer],
    ["node:http", NodeHttpClient.layerNodeHttp],
    ["undici", NodeHttpClient.layerUndici]
  ] as const)(
    "is read again when the client tries again by itself: %s",
    Effect.fn(function* ([, client]) {
      const lengths: Array<number> = []
      const url = yield* Servers.http((request, response) => {
        let length = 0
        request.on("data", (piece: Buffer) => (length += piece.length))
        request.on("end", () => {
          lengths.push(length)
          response.writeHead(lengths.length === 1 ? 503 : 200).end(JSON.stringify({ id: "9100000001" }))
        })
      })
      const retrying = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(HttpClient.HttpClient, HttpClient.retryTransient({ times: 1 }))
      )
      const whatsapp = yield* Servers.client(url, Layer.provide(retrying, client))
      const seen: Array<number> = []
      const { mediaId } = yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "image/jpeg" }), {
        onProgress: ({ sent }) => Effect.sync(() => void seen.push(sent))
      })
      assert.strictEqual(mediaId, "9100000001")
      assert.strictEqual(lengths.length, 2)
      assert.strictEqual(lengths[0], lengths[1])
      assert.deepStrictEqual(
        seen.filter((sent) => sent === jpeg.length),
        [jpeg.length, jpeg.length]
      )
    })
  )
  it.live(
    "tells how far it is, from nothing to all",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta
      const seen: Array<Upload.Progress> = []
      yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "image/jpeg" }), {
        onProgress: (progress) => Effect.sync(() => void seen.push(progress))
      })
      assert.isAbove(seen.length, 2)
      assert.deepStrictEqual(seen.at(-1), { sent: jpeg.length, total: jpeg.length })
      for (const [i, { sent, total }] of seen.entries()) {
        assert.strictEqual(total, jpeg.length)
        assert.isAbove(sent, seen[i - 1]?.sent ?? 0)
      }
    })
  )
})

describe("a hostile file name", () => {
  const names = [
    `a".jpg`,
    `a\r\nContent-Type: text/html\r\n\r\n<script>.jpg`,
    `a"; name="type".jpg`,
    "日本語 ü 🍕.jpg",
    "\u0000\u007f\u0085.jpg",
    "\ud800.jpg",
    "../../etc/passwd.jpg",
    `\\".jpg`
  ]
  const only = (form: FormData) =>
    assert.deepStrictEqual(Array.from(form.keys()), ["messaging_product", "type", "file"])
  it.live.each(names)(
    "stays a name: %j",
    Effect.fn(function* (name) {
      const { received, whatsapp } = yield* meta
      yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "image/jpeg", name }))
      const [request] = received
      if (request === undefined) return assert.fail("nothing came")
      const text = request.body.toString("latin1")
      assert.strictEqual(text.match(/\r\n\r\n/g)?.length, 3, "three parts, three heads")
      const form = yield* Effect.promise(() => formOf(request))
      only(form)
      assert.strictEqual(fileOf(form).type, "image/jpeg")
    })
  )
  it.live.each(["a\\", "a\\\\", `a\\"b`])(
    "is the same name for who takes a backslash for an escape, and who does not: %j",
    Effect.fn(function* (name) {
      const { received, whatsapp } = yield* meta
      yield* whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "application/zip", name }))
      const text = received[0]?.body.toString("latin1") ?? ""
      const escaped = name.replaceAll("\\", "%5C").replaceAll('"', "%22")
      assert.strictEqual(/ filename="(.*)"\r\n/.exec(text)?.[1], escaped)
    })
  )
  it.live.prop(
    "stays a name, whatever it is",
    [Schema.String],
    Effect.fn(function* ([name]) {
      const { received, whatsapp } = yield* meta
      const small = Upload.fromBytes(Uint8Array.of(1, 2, 3), { type: "image/jpeg", name })
      yield* whatsapp.uploadMedia(small)
      const [request] = received
      if (request === undefined) return assert.fail("nothing came")
      const form = yield* Effect.promise(() => formOf(request))
      only(form)
      assert.deepStrictEqual(
        new Uint8Array(yield* Effect.promise(() => fileOf(form).arrayBuffer())),
        Uint8Array.of(1, 2, 3)
      )
    }),
    { arbitrary: { runs: 25 } }
  )
})

describe("nothing leaves", () => {
  const refusal = Effect.fnUntraced(function* (file: Upload.Upload<unknown>, kind?: MediaKind) {
    const { sent, whatsapp } = yield* Graph.answering(200, { id: "1" })
    const error = yield* Effect.flip(whatsapp.uploadMedia(file, { kind }))
    assert.deepStrictEqual(yield* sent, [])
    return error instanceof Error ? error.message : assert.fail("no error")
  })
  const sized = (size: number, type: string) => Upload.fromStream(Stream.empty, { size, type })
  const start = "WhatsAppClient.uploadMedia: InvalidMessage, "

  const kinds: ReadonlyArray<MediaKind> = ["image", "video", "audio", "sticker", "document"]
  it.effect.each(kinds)(
    "of a file that is too large for %s",
    Effect.fn(function* (kind) {
      const { maxBytes, types } = mediaTypes[kind]
      for (const type of Object.keys(types)) {
        assert.strictEqual(
          yield* refusal(sized(maxBytes + 1, type)),
          `${start}file.size: expected at most ${maxBytes} bytes for ${kind}, got ${maxBytes + 1}`
        )
        const { whatsapp } = yield* Graph.answering(200, { id: "1" })
        yield* whatsapp.uploadMedia(sized(maxBytes, type))
      }
    })
  )
  it.effect(
    "of a type that the kind does not take",
    Effect.fn(function* () {
      assert.strictEqual(
        yield* refusal(sized(10, "image/gif"), "image"),
        `${start}file.type: expected a type of image: image/jpeg, image/png`
      )
      const { whatsapp } = yield* Graph.answering(200, { id: "1" })
      yield* whatsapp.uploadMedia(sized(20_000_000, "video/mp4"), { kind: "document" })
    })
  )
  it.effect(
    "of a file without a type, or with one that is none",
    Effect.fn(function* () {
      assert.strictEqual(
        yield* refusal(Upload.fromBytes(jpeg, { name: "menu" })),
        `${start}file.type: expected a MIME type, or a name with the extension of one`
      )
      for (const type of ["jpeg", "image/", "image/jpeg\r\nX: y", "image/jpeg;\r\n charset=x", "a/b;c"])
        assert.strictEqual(
          yield* refusal(Upload.fromBytes(jpeg, { type })),
          `${start}file.type: expected a MIME type, as in image/jpeg`
        )
    })
  )
  it.effect(
    "of a file without a size",
    Effect.fn(function* () {
      for (const size of [0, -1, 1.5, NaN, Infinity])
        assert.strictEqual(
          yield* refusal(sized(size, "image/png")),
          `${start}file.size: expected 1 byte or more, got ${size}`
        )
    })
  )
  it.effect(
    "from a number without a token",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { id: "1" })
      const error = yield* Effect.flip(whatsapp.uploadMedia(sized(1, "image/png"), { from: PhoneNumberId.make("1") }))
      assert.strictEqual(error.reason._tag, "NumberNotConfigured")
      assert.deepStrictEqual(yield* sent, [])
    })
  )
})

class Unplugged extends Data.TaggedError("Unplugged")<{}> {}

describe("an upload fails", () => {
  const sized = (stream: Stream.Stream<Uint8Array>, size: number) =>
    Upload.fromStream(stream, { size, type: "image/png" })
  const failure = Effect.fnUntraced(function* (file: Upload.Upload) {
    const { received, whatsapp } = yield* meta
    const error = yield* Effect.flip(whatsapp.uploadMedia(file))
    assert.deepStrictEqual(received, [], "Meta got no whole form")
    return [error.message, error.verdict._tag]
  })

  it.live(
    "when the stream ends early",
    Effect.fn(function* () {
      assert.deepStrictEqual(yield* failure(sized(Stream.make(jpeg), jpeg.length + 1)), [
        "WhatsAppClient.uploadMedia: InvalidMessage, file.size: expected 200001 bytes as was said, got 200000",
        "Never"
      ])
    })
  )
  it.live(
    "when the stream yields more",
    Effect.fn(function* () {
      for (const size of [1, 199_999])
        assert.deepStrictEqual(yield* failure(sized(Stream.make(jpeg.subarray(0, 1), jpeg), size)), [
          `WhatsAppClient.uploadMedia: InvalidMessage, file.size: expected ${size} bytes as was said, got more`,
          "Never"
        ])
    })
  )
  it.live(
    "as the stream fails",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta
      const stream = Stream.concat(Stream.make(jpeg), Stream.fail(new Unplugged()))
      const error = yield* Effect.flip(
        whatsapp.uploadMedia(Upload.fromStream(stream, { size: 300_000, type: "image/png" }))
      )
      assert.strictEqual(error._tag, "Unplugged")
    })
  )
  it.live(
    "without harm when the connection breaks: it may be made again",
    Effect.fn(function* () {
      const url = yield* Servers.raw((socket) => socket.once("data", () => socket.resetAndDestroy()))
      const whatsapp = yield* Servers.client(url)
      const { reason, verdict } = yield* Effect.flip(whatsapp.uploadMedia(sized(Stream.make(jpeg), jpeg.length)))
      assert.deepStrictEqual([reason._tag, verdict._tag], ["NoAnswer", "Backoff"])
    })
  )
  it.live(
    "with what Meta says before it read the file",
    Effect.fn(function* () {
      const url = yield* Servers.http((_, response) =>
        response.writeHead(400).end(JSON.stringify({ error: { code: 131053, message: "no" } }))
      )
      const whatsapp = yield* Servers.client(url)
      const large = Upload.fromStream(Stream.take(Stream.forever(Stream.make(jpeg)), 80), {
        size: 80 * jpeg.length,
        type: "video/mp4"
      })
      assert.strictEqual((yield* Effect.flip(whatsapp.uploadMedia(large))).reason._tag, "MediaFailed")
    })
  )
  it.effect(
    "when nothing moves for a while, and not when it is only slow",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.make((request) =>
        request.body._tag === "Stream"
          ? Effect.andThen(Effect.orDie(Stream.runDrain(request.body.stream)), Effect.never)
          : Effect.die("no stream")
      )
      const slow = Stream.make(1, 2, 3, 4, 5, 6).pipe(
        Stream.mapEffect((it) => Effect.as(it > 3 ? Effect.never : Effect.sleep("110 seconds"), Uint8Array.of(it)))
      )
      const fiber = yield* Effect.forkChild(
        Effect.flip(whatsapp.uploadMedia(Upload.fromStream(slow, { size: 6, type: "image/png" })))
      )
      yield* TestClock.adjust("440 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("160 seconds")
      const { reason, verdict } = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        [reason._tag, reason.details, verdict._tag],
        ["NoAnswer", "nothing moved for 2 minutes, after 3 of 6 bytes", "Backoff"]
      )
    })
  )
  it.effect(
    "when no answer comes for minutes after the last byte, which may still be on its way when it has left",
    Effect.fn(function* () {
      const answer = yield* Deferred.make<void>()
      const { whatsapp } = yield* Graph.make((request) =>
        request.body._tag === "Stream"
          ? Effect.orDie(Stream.runDrain(request.body.stream)).pipe(
              Effect.andThen(Deferred.await(answer)),
              Effect.as(HttpClientResponse.fromWeb(request, Response.json({ id: "9100000001" })))
            )
          : Effect.die("no stream")
      )
      const upload = whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "image/jpeg" }))
      const answered = yield* Effect.forkChild(upload)
      yield* TestClock.adjust("4 minutes")
      assert.isUndefined(answered.pollUnsafe())
      yield* Deferred.succeed(answer, undefined)
      yield* Fiber.join(answered)

      const never = yield* Graph.make((request) =>
        request.body._tag === "Stream"
          ? Effect.andThen(Effect.orDie(Stream.runDrain(request.body.stream)), Effect.never)
          : Effect.die("no stream")
      )
      const unanswered = yield* Effect.forkChild(
        Effect.flip(never.whatsapp.uploadMedia(Upload.fromBytes(jpeg, { type: "image/jpeg" })))
      )
      yield* TestClock.adjust("330 seconds")
      const { reason, verdict } = yield* Fiber.join(unanswered)
      assert.deepStrictEqual(
        [reason._tag, reason.details, verdict._tag],
        ["NoAnswer", "no answer within 5 minutes, after all 200000 bytes", "Backoff"]
      )
    })
  )
})
