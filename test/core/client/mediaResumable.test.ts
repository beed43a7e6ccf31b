import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Upload, WhatsAppClient, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { Context, Deferred, Effect, FileSystem, Layer, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClientResponse } from "effect/http"
import { spawn } from "node:child_process"
import * as Graph from "./graph.ts"
import * as Sessions from "./sessions.ts"

const appId = "674852410238711"
const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 13) % 256)
const file = Upload.fromBytes(bytes, { name: "köpf bild.png" })
const session = Redacted.make(Sessions.session)

describe("a resumable upload", () => {
  it.live(
    "begins with a session that can be written down, and ends with a handle as it came",
    Effect.fn(function* () {
      const meta = yield* Sessions.make()
      const begun = yield* meta.whatsapp.startUpload(file, { appId })
      assert.strictEqual(Redacted.value(begun), Sessions.session)
      const written = yield* Schema.encodeEffect(Upload.Session)(begun)
      const read = yield* Schema.decodeEffect(Upload.Session)(written)
      const { handle } = yield* meta.whatsapp.finishUpload(read, file)
      assert.strictEqual(handle, "4::aW1n:ARb\n4::cG5n:ARc")
      assert.deepStrictEqual(new Uint8Array(meta.bytes()), bytes)
      const path = `/v23.0/${Sessions.session}`
      const name = new URLSearchParams({ file_name: "köpf bild.png" }).toString()
      assert.deepStrictEqual(meta.asked, [
        {
          method: "POST",
          path: `/v23.0/${appId}/uploads?${name}&file_length=300000&file_type=image%2Fpng`,
          authorization: `Bearer ${Graph.token}`,
          offset: undefined,
          length: "0"
        },
        { method: "GET", path, authorization: `OAuth ${Graph.token}`, offset: undefined, length: undefined },
        { method: "POST", path, authorization: `OAuth ${Graph.token}`, offset: "0", length: "300000" }
      ])
    })
  )
  it.live(
    "is of a type that is spelled as it likes",
    Effect.fn(function* () {
      const meta = yield* Sessions.make()
      for (const type of ["image/png; q=1", "IMAGE/PNG"]) {
        yield* meta.whatsapp.startUpload(Upload.fromBytes(bytes, { type }), { appId })
        assert.match(meta.asked.at(-1)?.path ?? "", /file_type=image%2Fpng$/)
      }
    })
  )
  it.live(
    "goes on where a connection broke, whatever the file comes from",
    Effect.fn(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const path = `${yield* fileSystem.makeTempDirectoryScoped()}/a.png`
      yield* fileSystem.writeFile(path, bytes)
      const sources: ReadonlyArray<Upload.Upload<unknown>> = [
        file,
        Upload.fromBlob(new Blob([bytes], { type: "image/png" })),
        Upload.fromStream(Stream.make(bytes.subarray(0, 100), bytes.subarray(100, 250_000), bytes.subarray(250_000)), {
          size: bytes.length,
          type: "image/png"
        }),
        yield* Upload.fromPath(path)
      ]
      for (const source of sources) {
        const some = yield* Deferred.make<never, string>()
        const meta = yield* Sessions.make({
          onBytes: (count) => count > 100_000 && void Deferred.doneUnsafe(some, Effect.fail("broken"))
        })
        const broken = Upload.fromStream(
          Stream.concat(Stream.make(bytes.subarray(0, 200_000)), Stream.fromEffect(Deferred.await(some))),
          { size: bytes.length, type: "image/png" }
        )
        assert.strictEqual(yield* Effect.flip(meta.whatsapp.finishUpload(session, broken)), "broken")
        const seen: Array<Upload.Progress> = []
        yield* meta.whatsapp.finishUpload(session, source, {
          onProgress: (progress) => Effect.sync(() => void seen.push(progress))
        })
        assert.deepStrictEqual(new Uint8Array(meta.bytes()), bytes)
        const offset = Number(meta.asked.at(-1)?.offset)
        assert.strictEqual(meta.asked.at(-1)?.length, String(bytes.length - offset))
        assert.isAbove(offset, 100_000)
        assert.isAbove(seen[0]?.sent ?? 0, offset)
        assert.deepStrictEqual(seen.at(-1), { sent: bytes.length, total: bytes.length })
      }
    }, Effect.provide(NodeFileSystem.layer))
  )
  it.live(
    "that has all bytes is asked for its handle again",
    Effect.fn(function* () {
      let times = 0
      const meta = yield* Sessions.make({
        onFinished: (response) => {
          times += 1
          if (times === 1) response.destroy()
          else response.end(JSON.stringify({ h: "4::x" }))
        }
      })
      const { reason, verdict } = yield* Effect.flip(meta.whatsapp.finishUpload(session, file))
      assert.deepStrictEqual([reason._tag, verdict._tag], ["NoAnswer", "Backoff"])
      assert.deepStrictEqual(yield* meta.whatsapp.finishUpload(session, file), { handle: "4::x" })
      assert.strictEqual(meta.asked.at(-1)?.offset, "300000")
      assert.deepStrictEqual(new Uint8Array(meta.bytes()), bytes)
    })
  )
  it.effect(
    "is never whole for Meta when the file is longer than was said",
    Effect.fn(function* () {
      let came = 0
      const { whatsapp } = yield* Graph.make((request) =>
        request.body._tag === "Stream"
          ? request.body.stream.pipe(
              Stream.runForEach((piece) => Effect.sync(() => void (came += piece.length))),
              Effect.ignore,
              Effect.andThen(Effect.never)
            )
          : Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ file_offset: 0 })))
      )
      const more = Upload.fromStream(
        Stream.make(bytes.subarray(0, 100), bytes.subarray(100), new Uint8Array(), Uint8Array.of(1)),
        { size: bytes.length, type: "image/png" }
      )
      const { reason } = yield* Effect.flip(whatsapp.finishUpload(session, more))
      assert.strictEqual(reason.details, "file.size: expected 300000 bytes as was said, got more")
      assert.strictEqual(came, 100)
    })
  )
  it.live(
    "survives kill -9: the next process sends the rest",
    Effect.fn(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* fileSystem.makeTempDirectoryScoped()
      const large = new Uint8Array(Buffer.concat(Array.from({ length: 100 }, () => bytes)))
      yield* fileSystem.writeFile(`${folder}/large.mp4`, large)
      const half = yield* Deferred.make<void>()
      const meta = yield* Sessions.make({
        onBytes: (count) => count > 5_000_000 && void Deferred.doneUnsafe(half, Effect.void)
      })
      const start = () =>
        spawn(
          process.execPath,
          [
            "--conditions=effect-whatsapp-source",
            new URL("./resume.ts", import.meta.url).pathname,
            `${folder}/large.mp4`,
            `${folder}/session`
          ],
          {
            env: {
              ...process.env,
              WHATSAPP_ACCESS_TOKEN: Graph.token,
              WHATSAPP_PHONE_NUMBER_ID: Graph.sales,
              WHATSAPP_APP_ID: appId,
              WHATSAPP_API_URL: meta.url
            }
          }
        )
      const ended = (child: ReturnType<typeof start>) =>
        Effect.callback<{ readonly printed: string; readonly signal: string | null }>((resume) => {
          let printed = ""
          child.stdout.on("data", (piece) => (printed += String(piece)))
          child.stderr.on("data", (piece) => (printed += String(piece)))
          child.on("close", (_, signal) => resume(Effect.succeed({ printed, signal })))
        })
      const first = start()
      yield* Deferred.await(half)
      first.kill("SIGKILL")
      assert.strictEqual((yield* ended(first)).signal, "SIGKILL")
      assert.isBelow(meta.bytes().length, large.length)
      const { printed } = yield* ended(start())
      assert.strictEqual(printed, "4::aW1n:ARb\n4::cG5n:ARc\n")
      assert.isTrue(meta.bytes().equals(large))
      assert.isAtLeast(Number(meta.asked.at(-1)?.offset), 5_000_000)
      assert.strictEqual(meta.asked.filter(({ path }) => path?.includes("/uploads?")).length, 1)
    }, Effect.provide(NodeFileSystem.layer)),
    60_000
  )
})

describe("nothing leaves", () => {
  const refusal = Effect.fnUntraced(function* (
    use: (whatsapp: WhatsAppClient.WhatsAppClient["Service"]) => Effect.Effect<unknown, Error>
  ) {
    const { sent, whatsapp } = yield* Graph.answering(200, { id: Sessions.session, file_offset: 0, h: "x" })
    const { message } = yield* Effect.flip(use(whatsapp))
    assert.deepStrictEqual(yield* sent, [])
    return message
  })
  it.effect(
    "without the id of the app",
    Effect.fn(function* () {
      const expected =
        "WhatsAppClient.startUpload: InvalidMessage, appId: expected the id of the app, here or in WHATSAPP_APP_ID"
      assert.strictEqual(yield* refusal((it) => it.startUpload(file)), expected)
      assert.strictEqual(yield* refusal((it) => it.startUpload(file, { appId: "../1" })), expected)
    })
  )
  it.effect(
    "of a type that no template and no profile shows",
    Effect.fn(function* () {
      const other = Upload.fromBytes(bytes, { type: "image/webp" })
      const details = "file.type: expected one of image/jpeg, image/jpg, image/png, video/mp4, application/pdf"
      assert.include(yield* refusal((it) => it.startUpload(other, { appId })), details)
      assert.include(yield* refusal((it) => it.finishUpload(session, other)), details)
    })
  )
  it.effect.each([
    "",
    "upload:",
    "other:1?sig=2",
    "upload:1 2",
    "upload:1#2",
    "upload:x/../../me?sig=1",
    "upload:a\r\nb"
  ])(
    "for a session that is none: %j",
    Effect.fn(function* (text) {
      assert.strictEqual(
        yield* refusal((it) => it.finishUpload(Redacted.make(text), file)),
        "WhatsAppClient.finishUpload: InvalidMessage, session: expected what startUpload gave"
      )
    })
  )
})

describe("a hostile answer", () => {
  it.effect.each([{ id: "../me" }, { id: "upload:1#2" }, { id: "https://evil.example" }, { id: 5 }, {}])(
    "begins no upload: %j",
    Effect.fn(function* (answer) {
      const { whatsapp } = yield* Graph.answering(200, answer)
      assert.strictEqual((yield* Effect.flip(whatsapp.startUpload(file, { appId }))).reason._tag, "NoAnswer")
    })
  )
  it.effect.each([-1, 1.5, "x", null, 1e300])(
    "says no offset: %j",
    Effect.fn(function* (file_offset) {
      const { sent, whatsapp } = yield* Graph.answering(200, { file_offset, h: "x" })
      yield* Effect.flip(whatsapp.finishUpload(session, file))
      assert.strictEqual((yield* sent).length, 1)
    })
  )
  it.effect(
    "that is of a longer file says so",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(200, { file_offset: "300001", h: "x" })
      assert.include(
        (yield* Effect.flip(whatsapp.finishUpload(session, file))).message,
        "session: expected one of this file, got one of a longer file"
      )
    })
  )
})

it.effect(
  "the id of the app is configured once for all uploads",
  Effect.fn(function* () {
    const context = yield* Layer.build(
      WhatsAppConfig.layer({
        numbers: [{ phoneNumberId: Graph.sales, accessToken: Redacted.make(Graph.token) }],
        appId
      })
    )
    assert.strictEqual(Context.get(context, WhatsAppConfig.WhatsAppConfig).appId, appId)
    const error = yield* Effect.flip(
      Layer.build(
        Layer.provide(
          WhatsAppClient.layer,
          Layer.merge(
            FetchHttpClient.layer,
            WhatsAppConfig.layer({
              numbers: [{ phoneNumberId: Graph.sales, accessToken: Redacted.make(Graph.token) }],
              appId: "my app"
            })
          )
        )
      )
    )
    assert.include(error.message, "appId")
  })
)
