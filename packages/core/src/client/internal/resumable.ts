/**
 * Resumable uploads: a session, bytes from where Meta has got to, and a handle. The session is a name with a colon and a
 * query that signs it; both belong to it, and neither is for a trace. Meta page: "Resumable Upload API".
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { WhatsAppError } from "../../errors/WhatsAppError.ts"
import * as Scalars from "../../wire/scalars.ts"
import * as Upload from "../Upload.ts"
import type { WhatsAppClient } from "../WhatsAppClient.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import * as Graph from "./graph.ts"
import * as MediaFile from "./mediaFile.ts"
import * as Outgoing from "./outgoing.ts"
import { secretsOfUrl, textsOf } from "./secrets.ts"

const startMethod = "WhatsAppClient.startUpload"
const finishMethod = "WhatsAppClient.finishUpload"

const decodeStarted = SchemaParser.decodeUnknownResult(Schema.Struct({ id: Upload.Session }))
const Offset = Scalars.Number.check(Schema.isInt(), Schema.isGreaterThanOrEqualTo(0))
const decodeOffset = SchemaParser.decodeUnknownResult(Schema.Struct({ file_offset: Offset }))
const Handle = Schema.Trim.check(Schema.isNonEmpty())
const decodeFinished = SchemaParser.decodeUnknownResult(Schema.Struct({ h: Handle }))
const parseSession = SchemaParser.decodeEffect(Upload.Session)

/** A session, and the name in it. */
const secretsOf = (session: string): ReadonlyArray<string> => [
  ...secretsOfUrl(session),
  session.replace(/^upload:|\?.*$/g, "")
]

/** For a request whose URL is a secret: no span of it. */
const untraced = Effect.provideService(HttpClient.TracerDisabledWhen, () => true)

export const make = (
  config: WhatsAppConfig["Service"],
  http: HttpClient.HttpClient
): Pick<WhatsAppClient["Service"], "startUpload" | "finishUpload"> => {
  const call = Graph.make(http)

  const startUpload = Effect.fn(startMethod)(function* (
    file: Upload.Upload<unknown>,
    options?: Upload.SessionOptions
  ): Effect.fn.Return<Upload.Session, WhatsAppError> {
    const { name, size, type } = yield* MediaFile.checkForHandle(startMethod, file)
    const appId = options?.appId ?? config.appId
    if (appId === undefined || !/^\w+$/.test(appId))
      return yield* MediaFile.invalid(startMethod, "appId", "expected the id of the app, here or in WHATSAPP_APP_ID")
    const { from, token } = yield* Graph.numberOf(config, startMethod, options?.from)
    yield* Effect.annotateCurrentSpan({ "whatsapp.phone_number_id": from, "whatsapp.media.size": size })
    const { id } = yield* call({
      method: startMethod,
      token,
      request: HttpClientRequest.post(Graph.urlOf(config, appId, "uploads")).pipe(
        HttpClientRequest.setUrlParams({ file_name: name, file_length: String(size), file_type: type })
      ),
      decode: decodeStarted,
      secrets: () => ({ texts: textsOf(name) })
    }).pipe(untraced)
    return id
  })

  const finishUpload = Effect.fn(finishMethod)(function* <E>(
    session: Upload.Session,
    file: Upload.Upload<E>,
    options?: Upload.FinishOptions
  ): Effect.fn.Return<Upload.Finished, WhatsAppError | E> {
    const { name, size } = yield* MediaFile.checkForHandle(finishMethod, file)
    const { from, token } = yield* Graph.numberOf(config, finishMethod, options?.from)
    yield* Effect.annotateCurrentSpan({ "whatsapp.phone_number_id": from, "whatsapp.media.size": size })
    const id = Redacted.value(session)
    const url = [config.apiUrl, config.apiVersion, id].join("/")
    // A dot segment, say, would lead elsewhere, with the token.
    yield* parseSession(id).pipe(
      Effect.filterOrFail(() => URL.parse(url)?.href.endsWith(`/${id}`) === true),
      Effect.mapError(() => MediaFile.invalid(finishMethod, "session", "expected what startUpload gave"))
    )
    // As Meta documents it for sessions; `Bearer` is taken as well.
    const ask = {
      method: finishMethod,
      token,
      scheme: "OAuth",
      secrets: () => ({ texts: [...textsOf(name), ...secretsOf(id)] })
    } as const
    const { file_offset: offset } = yield* untraced(
      call({ ...ask, request: HttpClientRequest.get(url), decode: decodeOffset })
    )
    if (offset > size)
      return yield* MediaFile.invalid(finishMethod, "session", "expected one of this file, got one of a longer file")
    yield* Effect.annotateCurrentSpan("whatsapp.media.offset", offset)
    const { h } = yield* Outgoing.send(
      { method: finishMethod, file, offset, onProgress: options?.onProgress },
      (bytes) =>
        call({
          ...ask,
          request: HttpClientRequest.post(url).pipe(
            HttpClientRequest.setHeader("file_offset", String(offset)),
            HttpClientRequest.bodyStream(bytes, {
              contentType: "application/octet-stream",
              contentLength: size - offset
            })
          ),
          decode: decodeFinished,
          timeout: "Infinity"
        }).pipe(Outgoing.withContentLength(size - offset), untraced)
    )
    return { handle: h }
  })

  return { startUpload, finishUpload }
}
