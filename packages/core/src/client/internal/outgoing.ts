/**
 * A call that brings a file: as many bytes as were said, no longer than they move, and a file that cannot be read is
 * told from a connection that broke.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { NoAnswer } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import type { Progress, Upload } from "../Upload.ts"
import { invalid } from "./mediaFile.ts"

/**
 * For so long, or up to twice as long, no byte need leave while there are more of them: a connection holds several MB, and
 * takes more when a third of them is gone, which at 60 kB a second was seen to take half a minute.
 */
const patience = "2 minutes"
/** How long the answer may take after the last: then all that the connection holds has to arrive. */
const answerPatience = "5 minutes"

export interface Outgoing<E> {
  readonly method: string
  readonly file: Upload<E>
  /** The first byte that is sent. */
  readonly offset: number
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** Makes a call with the bytes of a file. */
export const send = <E, A>(
  { file, method, offset, onProgress }: Outgoing<E>,
  call: (bytes: Stream.Stream<Uint8Array, E | WhatsAppError>) => Effect.Effect<A, WhatsAppError>
): Effect.Effect<A, E | WhatsAppError> =>
  Effect.gen(function* () {
    const total = file.size
    let sent = offset
    let moves = 0
    // A client that tries again by itself runs it again.
    const bytes = Stream.suspend(() => {
      sent = offset
      return Stream.mapEffect(asSaid(method, file, offset), (piece) => {
        sent += piece.length
        moves += 1
        return onProgress === undefined ? Effect.succeed(piece) : Effect.as(onProgress({ sent, total }), piece)
      })
    })
    // The transport tells nothing of why its body failed.
    const unreadable = yield* Deferred.make<never, E | WhatsAppError>()
    const watched = Stream.catchCause(bytes, (cause) =>
      Stream.unwrap(Effect.as(Deferred.failCause(unreadable, cause), Stream.failCause(cause)))
    )
    const stands: Effect.Effect<never, WhatsAppError> = Effect.suspend(() => {
      const before = moves
      const isSent = sent === total
      const details = isSent
        ? `no answer within ${answerPatience}, after all ${total} bytes`
        : `nothing moved for ${patience}, after ${sent} of ${total} bytes`
      return Effect.andThen(
        Effect.sleep(isSent ? answerPatience : patience),
        Effect.suspend(() =>
          before === moves ? Effect.fail(new WhatsAppError({ method, reason: new NoAnswer({ details }) })) : stands
        )
      )
    })
    return yield* Effect.raceAllFirst([call(watched), Deferred.await(unreadable), stands]).pipe(
      Effect.catch((error) =>
        Effect.flatMap(Deferred.isDone(unreadable), (isDone) =>
          isDone ? Deferred.await(unreadable) : Effect.fail(error)
        )
      )
    )
  })

/** The bytes of a file from one on, as many as were said. */
const asSaid = <E>(method: string, file: Upload<E>, offset: number): Stream.Stream<Uint8Array, E | WhatsAppError> =>
  Stream.suspend(() => {
    const total = file.size
    const wrong = (got: string) => invalid(method, "file.size", `expected ${total} bytes as was said, got ${got}`)
    let read = offset
    let last: Stream.Stream<Uint8Array> = Stream.empty
    return file.bytes(offset).pipe(
      Stream.filter((piece) => piece.length > 0),
      Stream.mapEffect((piece) => {
        read += piece.length
        if (read > total) return Effect.fail(wrong("more"))
        if (read < total) return Effect.succeed([piece])
        // With it Meta has a whole file, so it does not leave before it is known that no more follows.
        last = Stream.succeed(piece)
        return Effect.succeed([])
      }),
      Stream.flattenIterable,
      Stream.concat(Stream.suspend(() => (read < total ? Stream.fail(wrong(String(read))) : last)))
    )
  })

/**
 * Says the length of a body to `fetch`, which for a stream would not say it: `FetchHttpClient` drops the header. Where
 * `fetch` ignores it, the body goes in chunks.
 *
 * A redirect is an error, and not an answer: else Node's `fetch` keeps all that it sent, in case that it has to be sent
 * again.
 */
export const withContentLength =
  (length: number) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(FetchHttpClient.Fetch, (fetch) =>
      Effect.provideService(effect, FetchHttpClient.Fetch, (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set("content-length", String(length))
        return fetch(input, { ...init, headers, ...(canRefuseRedirects() ? { redirect: "error" } : {}) })
      })
    )

/** Workers know no such redirect. */
const canRefuseRedirects = () =>
  Result.isSuccess(Result.try(() => new Request("https://graph.facebook.com", { redirect: "error" })))
