/**
 * A file that can be uploaded: what it is called, how long it is, and its bytes, which are read again for every try. Its
 * length is known before the first byte leaves, because Meta wants to know it.
 */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { MediaId, PhoneNumberId } from "../domain/Ids.ts"
import { InvalidMessage } from "../errors/reasons.ts"
import { WhatsAppError } from "../errors/WhatsAppError.ts"
import { present } from "../internal/present.ts"
import type { MediaKind } from "../message/mediaTypes.ts"

/** A file to upload; `E` is how reading it can fail. Made by `fromBytes`, `fromBlob`, `fromStream` and `fromPath`. */
export interface Upload<E = never> {
  /** In bytes. */
  readonly size: number
  /** MIME type. @default what the extension of the name stands for */
  readonly type?: string
  /** Name of the file, with its extension. The person who gets the media does not see it. @default one of the type */
  readonly name?: string
  /** The bytes from one on, which is the first or where an upload broke off. Called for each try. */
  readonly bytes: (from: number) => Stream.Stream<Uint8Array, E>
}

/** What a file is, where its source does not tell. */
export interface Description {
  /** MIME type, as in `image/jpeg`. @default what the extension of the name stands for */
  readonly type?: string | undefined
  /** Name of the file, with its extension. @default one of the type */
  readonly name?: string | undefined
}

/** How far an upload is: bytes of the file that were handed to the connection, of all. */
export interface Progress {
  readonly sent: number
  readonly total: number
}

/** Options of `WhatsAppClient.uploadMedia`. */
export interface Options {
  /** The number that will send it: an id is good for that number alone. @default the first of `WhatsAppConfig.numbers` */
  readonly from?: PhoneNumberId | undefined
  /** The kind of message it is for, whose types and size are checked; anything may be a document. @default by MIME type */
  readonly kind?: MediaKind | undefined
  /** Runs for each piece that leaves, and holds the next one back until it is done. @default nothing */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** What an upload results in. */
export interface Uploaded {
  /** What a message names the file by, as in `{ id: mediaId }`. Holds for 30 days. */
  readonly mediaId: MediaId
}

/** Options of `WhatsAppClient.startUpload`. */
export interface SessionOptions {
  /** The id of the app that the token is of. @default `WHATSAPP_APP_ID` */
  readonly appId?: string | undefined
  /** The number whose token is used. @default the first of `WhatsAppConfig.numbers` */
  readonly from?: PhoneNumberId | undefined
}

/** Options of `WhatsAppClient.finishUpload`. */
export type FinishOptions = Pick<Options, "from" | "onProgress">

/** What a resumable upload results in. */
export interface Finished {
  /** Of the file, for a template or a profile picture. Give it on as it is, also when it is of several lines. */
  readonly handle: string
}

/**
 * Schema for a resumable upload that has begun, as it can be written down: `upload:…?sig=…`. Who has it can write to
 * the upload, so it is a secret.
 */
export const Session = Schema.RedactedFromValue(
  Schema.String.check(
    Schema.isPattern(/^upload:[^\s?#\\]+(\?[^\s#\\]*)?$/, { expected: "an upload session, as in upload:…?sig=…" })
  )
)
export type Session = typeof Session.Type

/** So that progress is seen, and a connection that is slow holds the rest back. */
const pieceSize = 64 * 1024

const piecesOf = (bytes: Uint8Array, from: number): Stream.Stream<Uint8Array> =>
  Stream.unfold(from, (at) =>
    Effect.succeed(at < bytes.length ? ([bytes.subarray(at, at + pieceSize), at + pieceSize] as const) : undefined)
  )

/** A file from memory. */
export const fromBytes = (bytes: Uint8Array, description: Description = {}): Upload => ({
  ...present({ type: description.type, name: description.name }),
  size: bytes.length,
  bytes: (from) => piecesOf(bytes, from)
})

/** A `Blob` or a `File`, which tells its type, and its name if it is a `File`. */
export const fromBlob = (blob: Blob, description: Description = {}): Upload<WhatsAppError> => ({
  ...present({
    type: description.type ?? blob.type,
    name: description.name ?? ("name" in blob && typeof blob.name === "string" ? blob.name : undefined)
  }),
  size: blob.size,
  bytes: (from) => Stream.fromReadableStream({ evaluate: () => blob.slice(from).stream(), onError: unreadable })
})

const unreadable = () =>
  new WhatsAppError({
    method: "Upload.fromBlob",
    reason: new InvalidMessage({ field: "file", details: "file: the blob could not be read" })
  })

const notAFile = () =>
  new WhatsAppError({
    method: "Upload.fromPath",
    reason: new InvalidMessage({ field: "file", details: "file: expected a file, and no folder or device" })
  })

/**
 * A stream of `size` bytes; one that yields more or fewer fails the upload. It is run again for each try, and for an
 * upload that is continued it is run from its beginning, and what was sent before is skipped.
 */
export const fromStream = <E>(
  stream: Stream.Stream<Uint8Array, E>,
  description: Description & { readonly size: number }
): Upload<E> => ({
  ...present({ type: description.type, name: description.name }),
  size: description.size,
  bytes: (from) => (from === 0 ? stream : skip(stream, from))
})

const skip = <E>(stream: Stream.Stream<Uint8Array, E>, count: number): Stream.Stream<Uint8Array, E> =>
  Stream.mapAccum(
    stream,
    () => count,
    (left, bytes) => {
      const skipped = Math.min(left, bytes.length)
      return [left - skipped, skipped === bytes.length ? [] : [bytes.subarray(skipped)]] as const
    }
  )

/**
 * A file of the file system, or an `InvalidMessage` when the path is of something else; its name and, by its extension,
 * its type are taken from the path. It is read while it is sent, 64 KiB at a time, and again for each try.
 *
 * **Example** (A photo from disk)
 *
 * ```ts
 * import { Upload, WhatsAppClient } from "@effect-whatsapp/core/client"
 * import { Effect } from "effect"
 *
 * const upload = Effect.gen(function* () {
 *   const whatsapp = yield* WhatsAppClient.WhatsAppClient
 *   return yield* whatsapp.uploadMedia(yield* Upload.fromPath("menu.jpg"))
 * })
 * ```
 */
export const fromPath = Effect.fnUntraced(function* (
  path: string,
  description: Description = {}
): Effect.fn.Return<Upload<PlatformError>, PlatformError | WhatsAppError, FileSystem.FileSystem> {
  const fileSystem = yield* FileSystem.FileSystem
  const { size, type } = yield* fileSystem.stat(path)
  if (type !== "File") return yield* notAFile()
  return {
    ...present({ type: description.type, name: description.name ?? path.split(/[/\\]/).at(-1) }),
    size: ByteSize.toNumberUnsafe(size),
    bytes: (from) => fileSystem.stream(path, { offset: ByteSize.bytes(from), chunkSize: pieceSize })
  }
})
