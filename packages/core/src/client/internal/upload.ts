/** Media is uploaded as one form whose file passes through piece by piece. Meta page: "Media", "Upload media". */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { MediaId } from "../../domain/Ids.ts"
import type { WhatsAppError } from "../../errors/WhatsAppError.ts"
import * as Scalars from "../../wire/scalars.ts"
import type { Options, Upload, Uploaded } from "../Upload.ts"
import type { WhatsAppClient } from "../WhatsAppClient.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import * as Graph from "./graph.ts"
import * as MediaFile from "./mediaFile.ts"
import * as Multipart from "./multipart.ts"
import * as Outgoing from "./outgoing.ts"
import { textsOf } from "./secrets.ts"

const method = "WhatsAppClient.uploadMedia"
const decodeUploaded = SchemaParser.decodeUnknownResult(Schema.Struct({ id: Scalars.ownId(MediaId) }))

export const make = (
  config: WhatsAppConfig["Service"],
  http: HttpClient.HttpClient
): Pick<WhatsAppClient["Service"], "uploadMedia"> => {
  const call = Graph.make(http)

  const uploadMedia = Effect.fn(method)(function* <E>(
    file: Upload<E>,
    options?: Options
  ): Effect.fn.Return<Uploaded, WhatsAppError | E> {
    const { name, size, type } = yield* MediaFile.check(method, file, options?.kind)
    const { from, token } = yield* Graph.numberOf(config, method, options?.from)
    yield* Effect.annotateCurrentSpan({ "whatsapp.phone_number_id": from, "whatsapp.media.size": size })
    const { id } = yield* Outgoing.send({ method, file, offset: 0, onProgress: options?.onProgress }, (bytes) => {
      const form = Multipart.encode({
        boundary: `effect-whatsapp-${SecureRandom.uuidV4Unsafe()}`,
        fields: { messaging_product: "whatsapp", type },
        file: { part: "file", name, type, size, bytes }
      })
      return call({
        method,
        token,
        request: HttpClientRequest.post(Graph.urlOf(config, from, "media")).pipe(
          HttpClientRequest.bodyStream(form.bytes, form)
        ),
        decode: decodeUploaded,
        secrets: () => ({ texts: textsOf(name) }),
        timeout: "Infinity"
      }).pipe(Outgoing.withContentLength(form.contentLength))
    })
    yield* Effect.annotateCurrentSpan("whatsapp.media.id", id)
    return { mediaId: id }
  })

  return { uploadMedia }
}
