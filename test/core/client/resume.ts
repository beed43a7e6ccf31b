/** A program that uploads a file and may be killed at any moment: run by mediaResumable.test.ts, again until it is done. */
import { NodeFileSystem } from "@effect/platform-node"
import { Upload, WhatsAppClient } from "@effect-whatsapp/core/client"
import { Console, Effect, FileSystem, Layer, Redacted } from "effect"

const [file = "", kept = ""] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  const fileSystem = yield* FileSystem.FileSystem
  const upload = yield* Upload.fromPath(file)
  if (!(yield* fileSystem.exists(kept)))
    yield* fileSystem.writeFileString(kept, Redacted.value(yield* whatsapp.startUpload(upload)))
  const session = Redacted.make(yield* fileSystem.readFileString(kept))
  const { handle } = yield* whatsapp.finishUpload(session, upload)
  yield* Console.log(handle)
})

void Effect.runPromise(Effect.provide(program, Layer.mergeAll(WhatsAppClient.layerConfig, NodeFileSystem.layer)))
