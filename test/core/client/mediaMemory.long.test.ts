import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { HttpClientResponse } from "effect/http"
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import type { ServerResponse } from "node:http"
import * as Graph from "./graph.ts"
import * as Servers from "./servers.ts"

const mebibyte = 1024 * 1024
const size = 100 * mebibyte
const piece = Uint8Array.from({ length: mebibyte }, (_, i) => (i * 31) % 256)
const pieces = Array.from({ length: 100 }, () => piece)
const sha256 = pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest("hex")

/** A Meta that holds nothing of what it takes and gives. */
const meta = Effect.gen(function* () {
  const taken: Array<{ readonly length: string | undefined; readonly bytes: number }> = []
  const give = async (response: ServerResponse) => {
    for (const piece of pieces)
      if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve))
    response.end()
  }
  const url: string = yield* Servers.http((request, response) => {
    const { headers, method, url: path = "" } = request
    if (path === "/file") return void give(response)
    let bytes = 0
    request.on("data", (piece: Buffer) => (bytes += piece.length))
    request.on("end", () => {
      if (method === "POST") taken.push({ length: headers["content-length"], bytes })
      const answer = { id: "upload:1?sig=2", url: `${url}/file`, file_size: size, sha256, file_offset: 0, h: "4::x" }
      response.end(JSON.stringify(answer))
    })
  })
  return { taken, url }
})

const Most = Schema.fromJsonString(Schema.Struct({ rss: Schema.Finite, held: Schema.Finite }))

/** The most that a process of its own held, in MiB. */
const run = (what: string, file: string, apiUrl: string) =>
  Effect.callback<string>((resume) => {
    const child = spawn(
      process.execPath,
      [
        "--expose-gc",
        "--conditions=effect-whatsapp-source",
        new URL("./large.ts", import.meta.url).pathname,
        what,
        file
      ],
      {
        env: {
          ...process.env,
          WHATSAPP_ACCESS_TOKEN: Graph.token,
          WHATSAPP_PHONE_NUMBER_ID: Graph.sales,
          WHATSAPP_API_URL: apiUrl
        }
      }
    )
    let printed = ""
    child.stdout.on("data", (chunk) => (printed += String(chunk)))
    child.stderr.on("data", (chunk) => (printed += String(chunk)))
    child.on("close", () => resume(Effect.succeed(printed)))
  }).pipe(
    Effect.flatMap(Schema.decodeEffect(Most)),
    Effect.map(({ held, rss }) => ({ held: Math.round(held / mebibyte), rss: Math.round(rss / mebibyte) })),
    Effect.tap((most) => Effect.log(`${what} of 100 MiB`, most))
  )

describe("100 MiB pass in flat memory", () => {
  it.live.each(["upload", "resumable", "download"])(
    "%s",
    Effect.fn(function* (what) {
      const fileSystem = yield* FileSystem.FileSystem
      const file = `${yield* fileSystem.makeTempDirectoryScoped()}/large.zip`
      yield* Stream.run(Stream.fromIterable(pieces), fileSystem.sink(file))
      const { taken, url } = yield* meta
      // A type that has no table is a document.
      const named = what === "upload" ? file.replace(/zip$/, "pdf") : file
      if (named !== file) yield* fileSystem.rename(file, named)
      const { held } = yield* run(what, named, url)
      assert.isBelow(held, 40)
      const last = taken.at(-1)
      if (what === "download") assert.isUndefined(last)
      else {
        assert.isAtLeast(last?.bytes ?? 0, size)
        assert.strictEqual(last?.length, String(last?.bytes))
      }
    }, Effect.provide(NodeFileSystem.layer))
  )
})

it.live(
  "the SHA-256 of more than 2^32 bits is right",
  Effect.fn(function* () {
    const count = 520
    const hash = createHash("sha256")
    for (let i = 0; i < count; i++) hash.update(piece)
    const expected = hash.digest("hex")
    const { whatsapp } = yield* Graph.make((request) =>
      Effect.sync(() => {
        let left = count
        const body = new ReadableStream({
          pull: (controller) => {
            if (left-- > 0) controller.enqueue(piece)
            else controller.close()
          }
        })
        const said = { url: "https://lookaside.fbsbx.com/", sha256: expected }
        return HttpClientResponse.fromWeb(
          request,
          request.url.includes("/v23.0/") ? Response.json(said) : new Response(body)
        )
      })
    )
    const { bytes } = yield* whatsapp.downloadMedia("1", { maxBytes: 600 * mebibyte })
    yield* Stream.runDrain(bytes)
  })
)
