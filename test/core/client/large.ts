/** Moves 100 MiB up and down, and prints the most memory that it held beyond what it began with: run by mediaMemory.long.test.ts. */
import { NodeFileSystem } from "@effect/platform-node"
import { Upload, WhatsAppClient } from "@effect-whatsapp/core/client"
import { Console, Effect, Layer, Stream } from "effect"

const [what = "", file = ""] = process.argv.slice(2)

const every = 10 * 1024 * 1024
const before = { held: 0, rss: 0 }
const most = { held: 0, rss: 0 }
let moved = 0

/** What is held now: garbage is not. */
const measure = () => {
  globalThis.gc?.()
  const { external, heapUsed, rss } = process.memoryUsage()
  return { held: heapUsed + external - before.held, rss: rss - before.rss }
}
/** Looks at every tenth mebibyte. */
const look = (sent: number) =>
  Effect.sync(() => {
    if (Math.floor(sent / every) === Math.floor(moved / every)) return
    moved = sent
    const { held, rss } = measure()
    most.held = Math.max(most.held, held)
    most.rss = Math.max(most.rss, rss)
  })
const onProgress = ({ sent }: Upload.Progress) => look(sent)

const move = Effect.gen(function* () {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  if (what === "upload") return yield* whatsapp.uploadMedia(yield* Upload.fromPath(file), { onProgress })
  if (what === "resumable") {
    const upload = yield* Upload.fromPath(file, { type: "application/pdf" })
    return yield* whatsapp.finishUpload(yield* whatsapp.startUpload(upload, { appId: "1" }), upload, { onProgress })
  }
  let received = 0
  const { bytes } = yield* whatsapp.downloadMedia("1")
  return yield* Stream.runForEach(bytes, (piece) => look((received += piece.length)))
})

const program = Effect.gen(function* () {
  Object.assign(before, measure())
  yield* move
  yield* Console.log(JSON.stringify(most))
})

void Effect.runPromise(Effect.provide(program, Layer.mergeAll(WhatsAppClient.layerConfig, NodeFileSystem.layer)))
