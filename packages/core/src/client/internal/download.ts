/**
 * Media as it comes: no larger than allowed, no shorter than said, and held against its digest at the end. Meta page:
 * "Media", "Download media".
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Base64 from "effect/encoding/Base64"
import * as Hex from "effect/encoding/Hex"
import type * as HttpClient from "effect/http/HttpClient"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import { MediaId } from "../../domain/Ids.ts"
import {
  MediaCorrupt,
  MediaExpired,
  MediaIncomplete,
  MediaTooLarge,
  type Reason,
  UnexpectedAnswer
} from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import { present } from "../../internal/present.ts"
import type { Described, Download, Options, Source, Whole } from "../Download.ts"
import type { WhatsAppClient } from "../WhatsAppClient.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import * as FetchMedia from "./fetchMedia.ts"
import * as Graph from "./graph.ts"
import * as MediaFile from "./mediaFile.ts"
import * as Sha256 from "./sha256.ts"

/** No file on WhatsApp is larger. */
const maxSize = 100 * 1024 * 1024
/** For what is held in memory: all but large documents. */
const maxWhole = 16 * 1024 * 1024

/** What the bytes are held against. */
interface Expected {
  readonly method: string
  readonly mimeType: string | undefined
  readonly maxBytes: number
  readonly size: number | undefined
  /** In hex. */
  readonly sha256: string | undefined
}

/** A digest in lower-case hex, read from hex or base64; `undefined` when it is none. */
const digestOf = (text: string): string | undefined => {
  if (/^[\da-f]{64}$/i.test(text)) return text.toLowerCase()
  const bytes = Base64.decode(text.padEnd(44, "=").replaceAll("-", "+").replaceAll("_", "/"))
  return Result.isSuccess(bytes) && bytes.success.length === 32 ? Hex.encode(bytes.success) : undefined
}

/** The length that the answer says it has, which is of the file only when nothing was done to it. */
const lengthOf = ({ headers }: HttpClientResponse): number | undefined => {
  const { "content-encoding": encoding = "identity", "content-length": length = "" } = headers
  return encoding === "identity" && /^\d{1,15}$/.test(length) ? Number(length) : undefined
}

/** Whether it is a page in the place of a file, as a login or a proxy puts it there. */
const isPage = ({ headers }: HttpClientResponse, mimeType: string | undefined): boolean =>
  mimeType !== undefined &&
  MediaFile.essence(mimeType) !== "text/html" &&
  MediaFile.essence(headers["content-type"] ?? "") === "text/html"

const bytesOf = (response: HttpClientResponse, { maxBytes, method, mimeType, sha256, size }: Expected) =>
  Stream.suspend(() => {
    const fail = (reason: Reason) => new WhatsAppError({ method, reason })
    // Where there is a digest it says more than the type.
    if (sha256 === undefined && isPage(response, mimeType))
      return Stream.fail(fail(new UnexpectedAnswer({ status: response.status, details: "a page came for the file" })))
    const said = Math.max(size ?? 0, lengthOf(response) ?? 0)
    if (said > maxBytes) return Stream.fail(fail(tooLarge(maxBytes, said)))
    const digest = sha256 === undefined ? undefined : Sha256.make()
    let received = 0
    const incomplete = (why: string) =>
      fail(
        new MediaIncomplete({
          received,
          details: `${why} after ${received} ${said === 0 ? "bytes" : `of ${said} bytes`}`
        })
      )
    const take = (piece: Uint8Array) => {
      received += piece.length
      if (received > maxBytes) return Effect.fail(fail(tooLarge(maxBytes)))
      if (size !== undefined && received > size)
        return Effect.fail(fail(new MediaCorrupt({ details: `there is more than the ${size} bytes that Meta said` })))
      digest?.update(piece)
      return Effect.succeed(piece)
    }
    const end = Stream.suspend(() => {
      if (received < said) return Stream.fail(incomplete("it ended"))
      return digest === undefined || digest.hex() === sha256
        ? Stream.empty
        : Stream.fail(fail(new MediaCorrupt({ details: "the bytes are not those of the SHA-256 that Meta said" })))
    })
    return response.stream.pipe(
      Stream.catchReason("HttpClientError", "EmptyBodyError", () => Stream.empty),
      // The error holds the request, and the request the token and the URL.
      Stream.mapError(() => incomplete("the connection broke")),
      Stream.timeoutOrElse({
        duration: Graph.timeout,
        orElse: () => Stream.fail(incomplete(`nothing came for ${Graph.timeout}`))
      }),
      Stream.mapEffect(take),
      Stream.concat(end)
    )
  })

const tooLarge = (maxBytes: number, size?: number) =>
  new MediaTooLarge({
    maxBytes,
    details: `expected at most ${maxBytes} bytes, got ${size ?? "more"}`
  })

/** What was given, in one form. */
const sourceOf = (source: Source, options: Options | undefined) => {
  if (typeof source === "string") return { id: MediaId.make(source), from: options?.from }
  if ("media" in source) return { ...source.media, from: options?.from ?? source.phoneNumberId }
  return { ...source, from: options?.from }
}

export const make = (
  config: WhatsAppConfig["Service"],
  http: HttpClient.HttpClient,
  { mediaInfo }: Pick<WhatsAppClient["Service"], "mediaInfo">
): Pick<WhatsAppClient["Service"], "downloadMedia" | "readMedia"> => {
  const fetch = FetchMedia.make(config, http)

  const download = Effect.fnUntraced(function* (
    method: string,
    source: Source,
    options: Options | undefined,
    maxBytes: number
  ): Effect.fn.Return<Download, WhatsAppError> {
    const fail = (reason: Reason) => new WhatsAppError({ method, reason })
    // NaN is larger than nothing, and smaller.
    if (!(maxBytes >= 0))
      return yield* MediaFile.invalid(method, "maxBytes", `expected a number of bytes from 0 on, got ${maxBytes}`)
    const given = sourceOf(source, options)
    const { from, token } = yield* Graph.numberOf(config, method, given.from)
    yield* Effect.annotateCurrentSpan({ "whatsapp.phone_number_id": from, "whatsapp.media.id": given.id })
    const info = Effect.mapError(mediaInfo(given.id, { from }), ({ reason }) => fail(reason))
    const known: Described & { readonly url: Redacted.Redacted } =
      "url" in given && given.url !== undefined ? { ...given, url: Redacted.make(given.url) } : yield* info
    const described = { id: given.id, ...present({ mimeType: known.mimeType, size: known.size, sha256: known.sha256 }) }
    if (known.size !== undefined && known.size > maxBytes) return yield* fail(tooLarge(maxBytes, known.size))
    /** What Meta says of it, as what the bytes are held against. */
    const against = ({ mimeType, sha256: said, size }: Omit<Described, "id">) => {
      const others = { method, maxBytes, mimeType, size }
      if (said === undefined || options?.verify === false) return Effect.succeed({ ...others, sha256: undefined })
      const sha256 = digestOf(said)
      return sha256 === undefined
        ? Effect.fail(fail(new MediaCorrupt({ details: "what Meta says is its SHA-256 is none" })))
        : Effect.succeed({ ...others, sha256 })
    }
    const expected = yield* against(known)

    const bytes = Stream.unwrap(
      Effect.gen(function* () {
        const first = yield* fetch({ method, token, url: known.url })
        if (Option.isSome(first)) return bytesOf(first.value, expected)
        const fresh = yield* info
        const second = yield* fetch({ method, token, url: fresh.url })
        // What was known before holds; the rest is told by now.
        if (Option.isSome(second)) return bytesOf(second.value, yield* against({ ...fresh, ...described }))
        return yield* fail(new MediaExpired({ details: "Meta has it no more, also at a new URL" }))
      })
    )
    return { ...described, bytes }
  })

  const downloadMethod = "WhatsAppClient.downloadMedia"
  const readMethod = "WhatsAppClient.readMedia"
  return {
    downloadMedia: Effect.fn(downloadMethod)((source: Source, options?: Options) =>
      download(downloadMethod, source, options, options?.maxBytes ?? maxSize)
    ),
    readMedia: Effect.fn(readMethod)(function* (
      source: Source,
      options?: Options
    ): Effect.fn.Return<Whole, WhatsAppError> {
      const media = yield* download(readMethod, source, options, options?.maxBytes ?? maxWhole)
      return { ...media, bytes: yield* Stream.mkUint8Array(media.bytes) }
    })
  }
}
