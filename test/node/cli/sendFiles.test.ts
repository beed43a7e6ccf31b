import { assert, describe, it, vi } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { NodeFileSystem } from "@effect/platform-node"
import { Context, Effect, FileSystem, Layer } from "effect"
import { createHash } from "node:crypto"
import * as Graph from "./graph.ts"

vi.setConfig({ testTimeout: 60_000 })

const some = Uint8Array.from({ length: 3000 }, (_, at) => at % 251)

/** Meta with a customer, and a file on disk. */
const world = Effect.fnUntraced(function* (name: string, bytes: Uint8Array = some) {
  const emulator = yield* Effect.map(
    Layer.build(
      CloudApiEmulator.layer({
        businessAccountId: "330011220044556",
        appSecret: "app-secret",
        numbers: [{ phoneNumberId: Graph.phoneNumberId, displayPhoneNumber: "15557300142", accessToken: Graph.token }],
        customerServiceWindow: false
      })
    ),
    Context.get(CloudApiEmulator.CloudApiEmulator)
  )
  const ida = yield* emulator.customer({ phone: Graph.to, name: "Ida Voss" })
  const files = yield* FileSystem.FileSystem
  const path = `${yield* files.makeTempDirectoryScoped()}/${name}`
  yield* files.writeFile(path, bytes)
  return { emulator, ida, path }
}, Effect.provide(NodeFileSystem.layer))

describe.concurrent("send --file", () => {
  for (const [name, args, type, beside] of [
    ["menu.jpg", ["Today's menu"], "image", { caption: "Today's menu" }],
    ["tour.MP4", [], "video", {}],
    ["note.ogg", ["--as", "voice"], "audio", { voice: true }],
    ["smile.webp", [], "sticker", {}],
    ["bill.pdf", ["March"], "document", { caption: "March", filename: "bill.pdf" }],
    ["menu.png", ["--as", "document"], "document", { filename: "menu.png" }]
  ] as const) {
    it.live(`uploads ${name} and sends it as ${type} (${args.join(" ")})`, () =>
      Effect.gen(function* () {
        const { emulator, ida, path } = yield* world(name)
        const outcome = yield* Graph.send(emulator, [Graph.to, ...args, "--file", path])
        const [sent] = yield* ida.received
        assert(sent !== undefined, outcome.stderr)
        assert.deepStrictEqual(outcome, { code: 0, stdout: `${sent.wamid}\n`, stderr: "" })
        const { [type]: payload } = sent.body
        assert(typeof payload === "object" && payload !== null && "id" in payload && typeof payload.id === "string")
        assert.deepStrictEqual(payload, { id: payload.id, ...beside })
      })
    )
  }

  it.live("sends every byte of the file", () =>
    Effect.gen(function* () {
      const { path } = yield* world("menu.jpg")
      const bodies: Array<string> = []
      const graph = yield* Graph.serveBytes((url, body, response) => {
        if (url.endsWith("/media")) bodies.push(createHash("sha256").update(fileOf(body)).digest("hex"))
        response.end(JSON.stringify(url.endsWith("/media") ? { id: "9100000001" } : Graph.acceptance))
      })
      assert.strictEqual((yield* Graph.send(graph, [Graph.to, "--file", path])).code, 0)
      assert.deepStrictEqual(bodies, [createHash("sha256").update(some).digest("hex")])
    })
  )

  it.live("leaves a link to Meta, and uploads nothing", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const outcome = yield* Graph.send(graph, [Graph.to, "--file", "https://cdn.example/a/menu.pdf?v=2"])
      assert.strictEqual(outcome.code, 0)
      assert.deepStrictEqual(
        graph.requests.map(({ body }) => body.document),
        [{ link: "https://cdn.example/a/menu.pdf?v=2", filename: "menu.pdf" }]
      )
    })
  )

  for (const [name, args, code, said] of [
    ["a file that is not there", ["--file", "/nowhere/menu.jpg"], 1, /could not be read/],
    ["a folder", ["--file", "/tmp"], 2, /expected a file/],
    ["a caption beside a sticker", ["hello", "--file", "smile.webp"], 2, /sticker/],
    ["a kind without a file", ["hello", "--as", "image"], 2, /--file/],
    ["--raw without a message", ["hello", "--raw"], 2, /--message/],
    ["a file and a message", ["--file", "a.jpg", "--message", "{}"], 2, /one of/],
    ["a type without a file", ["hello", "--type", "text/csv"], 2, /--file/],
    ["a file of no known type", ["--file", "package.json"], 2, /--type/],
    ["music as a voice note", ["--file", "song.mp3", "--as", "voice"], 2, /audio\/ogg/],
    ["a caption that is too long, before anything is uploaded", ["x".repeat(1025), "--file", "a.jpg"], 2, /1024/],
    ["a kind that is none", ["--file", "a.jpg", "--as", "hologram"], 2, /hologram|image/]
  ] as const) {
    it.live(`says what is wrong with ${name}, and sends nothing`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.accept
        const outcome = yield* Graph.send(graph, [Graph.to, ...args])
        Graph.assertFailed(outcome, code)
        assert.match(outcome.stderr, said)
        assert.deepStrictEqual(graph.requests, [])
      })
    )
  }

  it.live("takes the word of --type, and names a link as its URL does", () =>
    Effect.gen(function* () {
      const { emulator, ida, path } = yield* world("list.csv")
      const outcome = yield* Graph.send(emulator, [Graph.to, "--file", path, "--type", "text/csv"])
      assert.strictEqual(outcome.code, 0, outcome.stderr)
      const [sent] = yield* ida.received
      assert.deepInclude(sent?.body.document, { filename: "list.csv" })
      const graph = yield* Graph.accept
      for (const url of ["https://cdn.example/My%20menu.pdf?x=a.jpg#top", "https://cdn.example/"]) {
        assert.strictEqual((yield* Graph.send(graph, [Graph.to, "--file", url])).code, 0)
      }
      assert.deepStrictEqual(
        graph.requests.map(({ body }) => body.document),
        [
          { link: "https://cdn.example/My%20menu.pdf?x=a.jpg#top", filename: "My menu.pdf" },
          { link: "https://cdn.example/" }
        ]
      )
    })
  )

  it.live("refuses a file that Meta would not take, by type and by size", () =>
    Effect.gen(function* () {
      const { emulator, ida, path } = yield* world("huge.jpg", new Uint8Array(5 * 1024 * 1024 + 1))
      const large = yield* Graph.send(emulator, [Graph.to, "--file", path])
      Graph.assertFailed(large, 2)
      assert.match(large.stderr, /file\.size.*5242880.*5242881/)
      const odd = yield* Graph.send(emulator, [Graph.to, "--file", path, "--as", "video"])
      Graph.assertFailed(odd, 2)
      assert.match(odd.stderr, /file\.type.*video\/mp4/)
      assert.deepStrictEqual(yield* ida.received, [])
    })
  )
})

/** The bytes of the part that is a file. */
const fileOf = (body: Buffer): Buffer => {
  const start = body.indexOf("\r\n\r\n", body.indexOf('name="file"')) + 4
  const boundary = body.subarray(0, body.indexOf("\r\n"))
  return body.subarray(start, body.indexOf(Buffer.concat([Buffer.from("\r\n"), boundary]), start))
}
