/** A file and its fields out of a form, as it streams in: only the file's own pieces are kept. */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Multipart from "effect/http/Multipart"
import * as Stream from "effect/Stream"
import type { Refused } from "./graphError.ts"
import * as MediaStore from "./mediaStore.ts"
import * as MediaTypes from "./mediaTypes.ts"
import { invalid } from "./sendIssue.ts"

export interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly file: FilePart | undefined
}

export interface FilePart {
  readonly name: string
  readonly contentType: string
  readonly content: MediaStore.Incoming
  /** More came than any file may have; the rest was read and thrown away, so that the sender lives to see the answer. */
  readonly isTooLarge: boolean
}

const unreadable = () => invalid("The multipart body could not be read.")

const maxBody = 4 * MediaTypes.largest

export const read = Effect.fnUntraced(
  function* (request: HttpServerRequest.HttpServerRequest): Effect.fn.Return<Form, Refused> {
    const contentType = request.headers["content-type"] ?? ""
    if (!/^multipart\/form-data\s*(;|$)/i.test(contentType))
      return yield* invalid("The body is not multipart/form-data.")
    const fields = new Map<string, string>()
    let file: FilePart | undefined
    yield* request.stream.pipe(
      Stream.pipeThroughChannel(Multipart.makeChannel(request.headers)),
      Stream.mapError(unreadable),
      Stream.runForEach((part) => {
        if (part._tag === "Field") {
          fields.set(part.key, part.value)
          return Effect.void
        }
        const isOurs = part.key === "file"
        if (isOurs && file !== undefined) return Effect.fail(invalid("The parameter file was given twice."))
        return Effect.map(collect(part), (collected) => {
          if (isOurs) file = collected
        })
      }),
      // The parser of Effect 4.1.0 throws at two boundaries in a row.
      Effect.catchDefect(() => Effect.fail(unreadable()))
    )
    return { fields, file }
  },
  Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBody)),
  Effect.provideService(Multipart.MaxParts, 20),
  Effect.provideService(Multipart.MaxFieldSize, ByteSize.kibibytes(64))
)

const collect = Effect.fnUntraced(function* (part: Multipart.File): Effect.fn.Return<FilePart, Refused> {
  const content = MediaStore.incoming()
  let isTooLarge = false
  yield* part.content.pipe(
    Stream.mapError(unreadable),
    Stream.runForEach((piece) =>
      Effect.sync(() => {
        if (isTooLarge || content.size() + piece.length > MediaTypes.largest) {
          isTooLarge = true
          content.clear()
        } else content.add(piece)
      })
    )
  )
  return { name: part.name, contentType: part.contentType, content, isTooLarge }
})
