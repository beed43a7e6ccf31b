/** The bytes of an answer, up to a limit: an answer of Meta's is small, and what is not Meta's may be endless. */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"

/** Of a longer body the rest is not read, so that it does not parse. */
const maxSize = ByteSize.mebibytes(1)

const empty = new Uint8Array()

export const readBody = (response: HttpClientResponse): Effect.Effect<Uint8Array, HttpClientError> =>
  Stream.limitBytes(response.stream, maxSize, () => Stream.empty).pipe(
    Stream.mkUint8Array,
    Effect.catchReason("HttpClientError", "EmptyBodyError", () => Effect.succeed(empty))
  )
