import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import type { WhatsAppClient } from "@effect-whatsapp/core/client"
import { MediaId, PhoneNumberId } from "@effect-whatsapp/core/domain"
import { Deferred, Effect, Fiber, type Layer, Redacted, Schema, Stream } from "effect"
import { type HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import * as Graph from "./graph.ts"
import * as Servers from "./servers.ts"

const file = Uint8Array.from({ length: 150_000 }, (_, i) => (i * 7) % 256)
const sha256 = (bytes: Uint8Array, encoding: "hex" | "base64" = "hex") =>
  createHash("sha256").update(bytes).digest(encoding)
const id = "9100000001"
const media = (fields: object = {}) => ({ id: MediaId.make(id), ...fields })

const streamOf = (pieces: ReadonlyArray<Uint8Array>) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    }
  })

interface Asked {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly userAgent: string | undefined
}
const askedOf = ({ headers, url }: IncomingMessage): Asked => ({
  path: url,
  authorization: headers.authorization,
  userAgent: headers["user-agent"]
})

interface Meta {
  /** What it says of the media. */
  readonly info?: (origin: string, times: number) => object
  /** How it serves the file. */
  readonly serve?: (request: IncomingMessage, response: ServerResponse) => void
  /** @default fetch */
  readonly client?: Layer.Layer<HttpClient.HttpClient>
}

/** A Meta that has one file; URL and file are on the server of the API. */
const meta = Effect.fnUntraced(function* ({ client, info, serve }: Meta = {}) {
  const asked: Array<Asked> = []
  let times = 0
  const url: string = yield* Servers.http((request, response) => {
    asked.push(askedOf(request))
    if (request.url?.startsWith("/v23.0/")) {
      times += 1
      const said = info?.(url, times) ?? {}
      response.end(
        JSON.stringify({
          messaging_product: "whatsapp",
          url: `${url}/file?n=${times}`,
          mime_type: "image/jpeg",
          sha256: sha256(file),
          file_size: String(file.length),
          id,
          ...said
        })
      )
    } else if (serve === undefined) response.end(file)
    else serve(request, response)
  })
  return { asked, url, whatsapp: yield* Servers.client(url, client) }
})
type Client = WhatsAppClient.WhatsAppClient["Service"]

const failureOf = (
  whatsapp: Client,
  source: Parameters<Client["readMedia"]>[0] = id,
  options?: Parameters<Client["readMedia"]>[1]
) =>
  Effect.map(Effect.flip(whatsapp.readMedia(source, options)), ({ reason, verdict }) => [
    reason._tag,
    verdict._tag,
    reason.details
  ])

describe("what Meta knows of media", () => {
  it.live(
    "is asked for with the number, and read from a string or a number",
    Effect.fn(function* () {
      for (const file_size of ["303833", 303833]) {
        const { asked, whatsapp } = yield* meta({ info: () => ({ url: "https://x.example/1?hash=2", file_size }) })
        const info = yield* whatsapp.mediaInfo(id, { from: PhoneNumberId.make(Graph.support) })
        assert.strictEqual(Redacted.value(info.url), "https://x.example/1?hash=2")
        assert.notInclude(JSON.stringify(info), "x.example")
        assert.deepStrictEqual(
          { ...info, url: undefined },
          { id: MediaId.make(id), url: undefined, mimeType: "image/jpeg", size: 303833, sha256: sha256(file) }
        )
        assert.strictEqual(asked[0]?.path, `/v23.0/${id}?phone_number_id=${Graph.support}`)
        assert.strictEqual(asked[0]?.authorization, `Bearer ${Graph.otherToken}`)
      }
    })
  )
  it.effect.each([-1, "-5", 1.5, "x", {}, null, 1e300, "9".repeat(400)])(
    "is no size when it says %j",
    Effect.fn(function* (file_size) {
      const { whatsapp } = yield* Graph.answering(200, {
        url: "https://x.example",
        file_size,
        mime_type: [],
        sha256: {}
      })
      const info = yield* whatsapp.mediaInfo(id)
      assert.deepStrictEqual(Object.keys(info), ["id", "url"])
    })
  )
  it.effect(
    "is deleted with the number",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
      yield* whatsapp.deleteMedia(id)
      const [first] = yield* sent
      assert.strictEqual(first?.method, "DELETE")
      assert.strictEqual(first?.url, `https://graph.facebook.com/v23.0/${id}?phone_number_id=${Graph.sales}`)
      const other = yield* Graph.answering(200, { success: false })
      assert.strictEqual((yield* Effect.flip(other.whatsapp.deleteMedia(id))).verdict._tag, "Backoff")
    })
  )
})

describe("a download", () => {
  it.live(
    "describes the file, and gives its bytes each time that it runs",
    Effect.fn(function* () {
      const { asked, whatsapp } = yield* meta()
      const { bytes, ...described } = yield* whatsapp.downloadMedia(id)
      assert.deepStrictEqual(described, {
        id: MediaId.make(id),
        mimeType: "image/jpeg",
        size: file.length,
        sha256: sha256(file)
      })
      assert.strictEqual(asked.length, 1, "nothing is fetched before it runs")
      for (const _ of ["first", "second"]) assert.deepStrictEqual(yield* Stream.mkUint8Array(bytes), file)
      assert.strictEqual(asked[1]?.path, "/file?n=1")
      assert.strictEqual(asked[1]?.authorization, `Bearer ${Graph.token}`)
      assert.include(asked[1]?.userAgent, "effect-whatsapp")
    })
  )
  it.live(
    "takes the URL of an event without asking, and the token of the number that it came to",
    Effect.fn(function* () {
      const { asked, url, whatsapp } = yield* meta()
      const event = {
        media: media({ url: `${url}/file?n=0`, sha256: sha256(file, "base64"), mimeType: "image/png" }),
        phoneNumberId: PhoneNumberId.make(Graph.support)
      }
      const whole = yield* whatsapp.readMedia(event)
      assert.deepStrictEqual(whole.bytes, file)
      assert.strictEqual(whole.mimeType, "image/png")
      assert.deepStrictEqual(
        asked.map(({ authorization, path }) => [path, authorization]),
        [["/file?n=0", `Bearer ${Graph.otherToken}`]]
      )
    })
  )
  it.live(
    "checks a digest in hex and in base64, whatever its spelling",
    Effect.fn(function* () {
      const base64 = sha256(file, "base64")
      const spellings = [
        sha256(file),
        sha256(file).toUpperCase(),
        base64,
        base64.replace("=", ""),
        base64.replaceAll("+", "-").replaceAll("/", "_")
      ]
      for (const sha256 of spellings) {
        const { whatsapp } = yield* meta({ info: () => ({ sha256 }) })
        yield* whatsapp.readMedia(id)
      }
    })
  )
  it.live.each([
    ["node:http", NodeHttpClient.layerNodeHttp],
    ["undici", NodeHttpClient.layerUndici]
  ] as const)(
    "is the same by %s, redirects too",
    Effect.fn(function* ([, client]) {
      const seen: Array<Asked> = []
      const elsewhere = yield* Servers.http((request, response) => {
        seen.push(askedOf(request))
        response.end(file)
      })
      const { whatsapp } = yield* meta({
        client,
        serve: (_, response) => response.writeHead(302, { location: elsewhere }).end()
      })
      assert.deepStrictEqual((yield* whatsapp.readMedia(id)).bytes, file)
      assert.deepStrictEqual(
        seen.map(({ authorization }) => authorization),
        [undefined]
      )
    })
  )
  it.live(
    "that is left early leaves the connection",
    Effect.fn(function* () {
      const left = yield* Deferred.make<void>()
      const { whatsapp } = yield* meta({
        info: () => ({ file_size: null }),
        serve: (_, response) => {
          response.on("close", () => Deferred.doneUnsafe(left, Effect.void))
          response.write(file)
        }
      })
      const { bytes } = yield* whatsapp.downloadMedia(id)
      yield* Stream.runDrain(Stream.take(bytes, 1))
      yield* Deferred.await(left)
    })
  )
  it.effect.prop(
    "knows the SHA-256 of whatever comes, in whatever pieces",
    [Schema.Array(Schema.Uint8Array), Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 300 }))],
    Effect.fn(function* ([some, length]) {
      const pieces = [...some, new Uint8Array(length).fill(length), ...some]
      const all = new Uint8Array(Buffer.concat(pieces))
      const serve = (sha: string) =>
        Effect.map(
          Graph.make((request) =>
            Effect.sync(() =>
              HttpClientResponse.fromWeb(
                request,
                request.url.includes("/v23.0/")
                  ? Response.json({ url: "https://lookaside.fbsbx.com/", sha256: sha })
                  : new Response(streamOf(pieces))
              )
            )
          ),
          ({ whatsapp }) => whatsapp
        )
      assert.deepStrictEqual((yield* (yield* serve(sha256(all))).readMedia(id)).bytes, all)
      const other = sha256(new Uint8Array([...all, 0]))
      assert.strictEqual((yield* failureOf(yield* serve(other)))[0], "MediaCorrupt")
    })
  )
  it.live(
    "without a digest or a size is held against nothing",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta({ info: () => ({ sha256: "", file_size: null }) })
      const whole = yield* whatsapp.readMedia(id)
      assert.deepStrictEqual(whole.bytes, file)
      assert.deepStrictEqual(Object.keys(whole).toSorted(), ["bytes", "id", "mimeType"])
    })
  )
})

describe("a download fails", () => {
  it.live(
    "when the bytes are others than Meta said",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta({ serve: (_, response) => response.end(file.toReversed()) })
      assert.deepStrictEqual(yield* failureOf(whatsapp), [
        "MediaCorrupt",
        "Backoff",
        "the bytes are not those of the SHA-256 that Meta said"
      ])
      yield* whatsapp.readMedia(id, { verify: false })
    })
  )
  it.live(
    "when there are more than Meta said",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta({ info: () => ({ file_size: 1000 }) })
      assert.deepStrictEqual(yield* failureOf(whatsapp), [
        "MediaCorrupt",
        "Backoff",
        "there is more than the 1000 bytes that Meta said"
      ])
    })
  )
  it.live(
    "when there are fewer",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta({ info: () => ({ file_size: 150_001, sha256: "" }) })
      assert.deepStrictEqual(yield* failureOf(whatsapp), [
        "MediaIncomplete",
        "Backoff",
        "it ended after 150000 of 150001 bytes"
      ])
    })
  )
  it.live(
    "when it is larger than allowed: by what Meta says, by its length, and while it comes",
    Effect.fn(function* () {
      const said = yield* meta({ info: () => ({ file_size: 104_857_601 }) })
      const error = yield* Effect.flip(said.whatsapp.downloadMedia(id))
      assert.strictEqual(error.reason.details, "expected at most 104857600 bytes, got 104857601")
      assert.strictEqual(said.asked.length, 1)

      const unsaid = { info: () => ({ file_size: null }) }
      const long = yield* meta({
        ...unsaid,
        serve: (_, response) => response.writeHead(200, { "content-length": 104_857_601 }).write("a")
      })
      const { bytes } = yield* long.whatsapp.downloadMedia(id)
      assert.strictEqual(
        (yield* Effect.flip(Stream.runDrain(bytes))).reason.details,
        "expected at most 104857600 bytes, got 104857601"
      )

      const endless = yield* meta({
        ...unsaid,
        serve: (request, response) => {
          const more = () => {
            while (!request.destroyed && response.write(file));
          }
          response.on("drain", more)
          more()
        }
      })
      assert.deepStrictEqual(yield* failureOf(endless.whatsapp, id, { maxBytes: 1_000_000 }), [
        "MediaTooLarge",
        "Never",
        "expected at most 1000000 bytes, got more"
      ])
    })
  )
  it.effect.each([NaN, -1, -Infinity])(
    "when what is allowed is no number of bytes: %d",
    Effect.fn(function* (maxBytes) {
      const { sent, whatsapp } = yield* Graph.answering(200, { url: "https://lookaside.fbsbx.com/" })
      const details = `maxBytes: expected a number of bytes from 0 on, got ${maxBytes}`
      assert.deepStrictEqual(yield* failureOf(whatsapp, id, { maxBytes }), ["InvalidMessage", "Never", details])
      const { reason } = yield* Effect.flip(whatsapp.downloadMedia(id, { maxBytes }))
      assert.strictEqual(reason.details, details)
      assert.deepStrictEqual(yield* sent, [])
    })
  )
  it.live(
    "when a page comes for the file, and there is no digest to tell",
    Effect.fn(function* () {
      const served = (info: object) =>
        meta({
          info: () => ({ file_size: null, ...info }),
          serve: (_, response) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(file)
        })
      const { whatsapp } = yield* served({ sha256: null })
      const page = ["UnexpectedAnswer", "Never", "a page came for the file"]
      assert.deepStrictEqual(yield* failureOf(whatsapp), page)
      assert.deepStrictEqual(yield* failureOf((yield* served({})).whatsapp, id, { verify: false }), page)
      // A digest, and a page that is the file, say otherwise.
      for (const info of [{}, { sha256: null, mime_type: "text/html" }, { sha256: null, mime_type: null }])
        yield* (yield* served(info)).whatsapp.readMedia(id)
    })
  )
  it.live.prop(
    "wherever the connection is cut, and says so",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: file.length - 1 })),
      Schema.Literals(["length", "chunks", "close"])
    ],
    Effect.fn(function* ([at, framing]) {
      const { whatsapp } = yield* meta({
        serve: (_, response) => {
          if (framing === "length") response.setHeader("content-length", file.length)
          if (framing === "close") response.useChunkedEncodingByDefault = false
          response.flushHeaders()
          response.write(file.subarray(0, at), () => response.socket?.end())
        }
      })
      const { bytes } = yield* whatsapp.downloadMedia(id)
      let received = 0
      const { reason, verdict } = yield* bytes.pipe(
        Stream.runForEach((piece) => Effect.sync(() => void (received += piece.length))),
        Effect.flip
      )
      assert.strictEqual(verdict._tag, "Backoff")
      if (reason._tag !== "MediaIncomplete") return assert.fail(reason._tag)
      assert.strictEqual(reason.received, received)
      assert.isAtMost(received, at)
      assert.match(reason.details, new RegExp(`after ${received} of ${file.length} bytes$`))
    }),
    { arbitrary: { runs: 40 }, timeout: 30_000 }
  )
  it.effect(
    "when nothing comes for 30 seconds",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.make((request) =>
        Effect.sync(() =>
          HttpClientResponse.fromWeb(
            request,
            request.url.includes("/v23.0/")
              ? Response.json({ url: "https://lookaside.fbsbx.com/" })
              : new Response(new ReadableStream({ start: (controller) => controller.enqueue(file) }))
          )
        )
      )
      const { bytes } = yield* whatsapp.downloadMedia(id)
      const begun = yield* Deferred.make<void>()
      const fiber = yield* Effect.forkChild(
        Effect.flip(Stream.runForEach(bytes, () => Deferred.succeed(begun, undefined)))
      )
      yield* Deferred.await(begun)
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      const { reason, verdict } = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        [reason._tag, reason.details, verdict._tag],
        ["MediaIncomplete", "nothing came for 30 seconds after 150000 bytes", "Backoff"]
      )
    })
  )
  it.effect(
    "when a refusal does not end",
    Effect.fn(function* () {
      const begun = yield* Deferred.make<void>()
      const { whatsapp } = yield* Graph.make((request) =>
        Effect.sync(() =>
          HttpClientResponse.fromWeb(
            request,
            new Response(new ReadableStream({ pull: () => void Deferred.doneUnsafe(begun, Effect.void) }), {
              status: 403
            })
          )
        )
      )
      const url = "https://lookaside.fbsbx.com/"
      const fiber = yield* Effect.forkChild(failureOf(whatsapp, media({ url })))
      yield* Deferred.await(begun)
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual(yield* Fiber.join(fiber), ["NoAnswer", "Backoff", "no answer within 30 seconds"])
    })
  )
  it.live(
    "with what Meta says in the place of the file",
    Effect.fn(function* () {
      const expired = { error: { code: 190, message: "expired" } }
      const { whatsapp } = yield* meta({ serve: (_, response) => response.writeHead(401).end(JSON.stringify(expired)) })
      assert.strictEqual((yield* failureOf(whatsapp))[0], "AuthenticationFailed")
      for (const [status, tag] of [
        [403, "UnexpectedAnswer"],
        [204, "NoAnswer"],
        [206, "NoAnswer"],
        [503, "NoAnswer"]
      ] as const) {
        const { whatsapp } = yield* meta({ serve: (_, response) => response.writeHead(status).end() })
        assert.strictEqual((yield* failureOf(whatsapp))[0], tag)
      }
    })
  )
  it.live(
    "with what its status says, and not as Meta, when another host speaks like Meta",
    Effect.fn(function* () {
      for (const [status, tag, verdict] of [
        [400, "UnexpectedAnswer", "Never"],
        [401, "UnexpectedAnswer", "Never"],
        [503, "NoAnswer", "Backoff"]
      ] as const) {
        const elsewhere = yield* Servers.http((_, response) =>
          response.writeHead(status).end(JSON.stringify({ error: { code: 190, message: "Session has expired" } }))
        )
        const { whatsapp } = yield* meta()
        assert.deepStrictEqual((yield* failureOf(whatsapp, media({ url: `${elsewhere}/file` }))).slice(0, 2), [
          tag,
          verdict
        ])
      }
    })
  )
  it.effect.each(["x", "0", "a".repeat(64).slice(1), "é".repeat(64), "z".repeat(64), "A".repeat(100_000)])(
    "when its digest is none: %.10s",
    Effect.fn(function* (sha256) {
      const { sent, whatsapp } = yield* Graph.answering(200, { url: "https://lookaside.fbsbx.com/", sha256 })
      assert.deepStrictEqual(yield* failureOf(whatsapp), [
        "MediaCorrupt",
        "Backoff",
        "what Meta says is its SHA-256 is none"
      ])
      assert.strictEqual((yield* sent).length, 1, "it was not fetched")
    })
  )
})

describe("a URL that has expired", () => {
  it.live(
    "is renewed once",
    Effect.fn(function* () {
      const { asked, whatsapp } = yield* meta({
        serve: (request, response) =>
          request.url === "/file?n=2" ? response.end(file) : response.writeHead(404).end("gone")
      })
      assert.deepStrictEqual((yield* whatsapp.readMedia(id)).bytes, file)
      assert.strictEqual(asked.length, 4)
    })
  )
  it.live(
    "is renewed once when it came with the event",
    Effect.fn(function* () {
      const { url, whatsapp } = yield* meta({
        serve: (request, response) =>
          request.url === "/file?n=1" ? response.end(file) : response.writeHead(404).end("gone")
      })
      const whole = yield* whatsapp.readMedia(media({ url: `${url}/old`, sha256: sha256(file, "base64") }))
      assert.deepStrictEqual(whole.bytes, file)
    })
  )
  it.live(
    "is renewed with the digest, where the event told none",
    Effect.fn(function* () {
      const { url, whatsapp } = yield* meta({
        info: () => ({ sha256: sha256(new Uint8Array()) }),
        serve: (request, response) =>
          request.url?.startsWith("/file") === true ? response.end(file) : response.writeHead(404).end("gone")
      })
      assert.strictEqual((yield* failureOf(whatsapp, media({ url: `${url}/old` })))[0], "MediaCorrupt")
      yield* whatsapp.readMedia(media({ url: `${url}/old`, sha256: sha256(file) }))
    })
  )
  it.live(
    "twice is expired media",
    Effect.fn(function* () {
      const { asked, whatsapp } = yield* meta({ serve: (_, response) => response.writeHead(404).end() })
      assert.deepStrictEqual((yield* failureOf(whatsapp)).slice(0, 2), ["MediaExpired", "Never"])
      assert.strictEqual(asked.length, 4)
    })
  )
  it.live(
    "says as Meta does when the id is not known any more",
    Effect.fn(function* () {
      const { whatsapp } = yield* meta({
        info: (_, times) =>
          times === 1 ? {} : { url: undefined, error: { code: 100, error_subcode: 33, message: "unknown" } },
        serve: (_, response) => response.writeHead(404).end()
      })
      assert.strictEqual((yield* failureOf(whatsapp))[0], "PermissionDenied")
    })
  )
})

describe("the access token", () => {
  const goesTo = Effect.fnUntraced(function* (url: string, apiUrl?: string) {
    const { sent, whatsapp } = yield* Graph.make(
      (request) =>
        Effect.sync(() =>
          HttpClientResponse.fromWeb(
            request,
            request.url.includes("/v23.0/") ? Response.json({ url }) : new Response("a")
          )
        ),
      apiUrl
    )
    yield* whatsapp.readMedia(id)
    const [, fetched] = yield* sent
    return fetched?.authorization === `Bearer ${Graph.token}`
  })
  it.effect(
    "goes to Meta over https",
    Effect.fn(function* () {
      for (const host of [
        "facebook.com",
        "graph.facebook.com",
        "lookaside.fbsbx.com",
        "a.b.fbcdn.net",
        "mmg.whatsapp.net",
        "LOOKASIDE.FBSBX.COM"
      ])
        assert.isTrue(yield* goesTo(`https://${host}/file?a=b`), host)
    })
  )
  it.effect(
    "goes to where the API is configured to be, and there alone",
    Effect.fn(function* () {
      assert.isTrue(yield* goesTo("http://localhost:4000/file", "http://localhost:4000/api"))
      assert.isFalse(yield* goesTo("http://localhost:4001/file", "http://localhost:4000"))
      assert.isFalse(yield* goesTo("http://localhost/file", "http://localhost:4000"))
      assert.isFalse(yield* goesTo("http://proxy.example/file", "https://proxy.example"))
    })
  )
  it.effect.each([
    "http://lookaside.fbsbx.com/file",
    "https://lookaside.fbsbx.com:8443/file",
    "https://lookaside.fbsbx.com.evil.example/file",
    "https://evilfbsbx.com/file",
    "https://evil.example/lookaside.fbsbx.com",
    "https://evil.example/?https://lookaside.fbsbx.com",
    "https://evil.example#lookaside.fbsbx.com",
    "https://evil.example\\.fbsbx.com/",
    "https://com/",
    "https://127.0.0.1/file",
    "https://fbsbx.com./file"
  ])(
    "does not go to %s",
    Effect.fn(function* (url) {
      assert.isFalse(yield* goesTo(url))
    })
  )
  it.effect(
    "does not follow a redirect from https to http",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.make((request) =>
        Effect.sync(() =>
          HttpClientResponse.fromWeb(
            request,
            request.url.includes("/v23.0/")
              ? Response.json({ url: "https://lookaside.fbsbx.com/1" })
              : request.url.startsWith("https:")
                ? new Response(null, { status: 302, headers: { location: "http://lookaside.fbsbx.com/2" } })
                : new Response("a")
          )
        )
      )
      yield* whatsapp.readMedia(id)
      assert.deepStrictEqual(
        (yield* sent).slice(1).map(({ authorization, url }) => [url, authorization]),
        [
          ["https://lookaside.fbsbx.com/1", `Bearer ${Graph.token}`],
          ["http://lookaside.fbsbx.com/2", undefined]
        ]
      )
    })
  )
  it.live(
    "does not follow a redirect to another host, and the file is fetched nevertheless",
    Effect.fn(function* () {
      const seen: Array<Asked> = []
      const elsewhere = yield* Servers.http((request, response) => {
        seen.push(askedOf(request))
        response.end(file)
      })
      for (const status of [301, 302, 303, 307, 308]) {
        const { whatsapp } = yield* meta({
          serve: (_, response) => response.writeHead(status, { location: `${elsewhere}/cdn` }).end()
        })
        assert.deepStrictEqual((yield* whatsapp.readMedia(id)).bytes, file)
      }
      assert.deepStrictEqual(
        seen.map(({ authorization, path }) => [path, authorization]),
        seen.map(() => ["/cdn", undefined])
      )
      assert.strictEqual(seen.length, 5)
    })
  )
  it.live(
    "comes along when it leads back",
    Effect.fn(function* () {
      const back: { url: string } = { url: "" }
      const elsewhere = yield* Servers.http((_, response) =>
        response.writeHead(302, { location: `${back.url}/home` }).end()
      )
      const { asked, url, whatsapp } = yield* meta({
        serve: (request, response) =>
          request.url === "/home" ? response.end(file) : response.writeHead(302, { location: elsewhere }).end()
      })
      back.url = url
      yield* whatsapp.readMedia(id)
      assert.strictEqual(asked.at(-1)?.authorization, `Bearer ${Graph.token}`)
    })
  )
})

describe("a hostile answer", () => {
  const nowhere = ["UnexpectedAnswer", "Never", "the media is at no http or https URL"]
  const urls = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "ftp://lookaside.fbsbx.com/file",
    "no url",
    "//lookaside.fbsbx.com/file",
    "https://",
    "https://user:secret@lookaside.fbsbx.com/file"
  ]
  it.effect.each(urls)(
    "leads nowhere: %s",
    Effect.fn(function* (url) {
      const { sent, whatsapp } = yield* Graph.answering(200, { url })
      assert.deepStrictEqual(yield* failureOf(whatsapp), nowhere)
      assert.deepStrictEqual(yield* failureOf(whatsapp, media({ url })), nowhere)
      assert.strictEqual((yield* sent).length, 1, "nothing was fetched")
    })
  )
  it.live.each(urls.filter((url) => /^\w+:(?!\/\/$)/.test(url)))(
    "redirects nowhere: %s",
    Effect.fn(function* (location) {
      const { whatsapp } = yield* meta({ serve: (_, response) => response.writeHead(302, { location }).end() })
      assert.deepStrictEqual(yield* failureOf(whatsapp), nowhere)
    })
  )
  it.live(
    "redirects in a circle, or nowhere at all, and not for ever",
    Effect.fn(function* () {
      const { asked, whatsapp } = yield* meta({
        serve: (_, response) => response.writeHead(302, { location: "/again" }).end()
      })
      assert.deepStrictEqual(yield* failureOf(whatsapp), [
        "UnexpectedAnswer",
        "Never",
        "the media is behind more than 3 redirects"
      ])
      assert.strictEqual(asked.length, 5)
      const lost = yield* meta({ serve: (_, response) => response.writeHead(302).end() })
      assert.strictEqual((yield* failureOf(lost.whatsapp))[0], "UnexpectedAnswer")
    })
  )
  it.effect(
    "has no URL, or an empty one, or is no object",
    Effect.fn(function* () {
      for (const answer of [{}, { url: "" }, { url: 5 }, { url: null }, [], "x"]) {
        const { whatsapp } = yield* Graph.answering(200, answer)
        assert.strictEqual((yield* failureOf(whatsapp))[0], "NoAnswer")
      }
    })
  )
})
