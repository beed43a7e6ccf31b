/** What Meta knows of media, and its end. Both may be asked for again without harm. Meta page: "Media". */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { MediaId } from "../../domain/Ids.ts"
import type { WhatsAppError } from "../../errors/WhatsAppError.ts"
import { present } from "../../internal/present.ts"
import * as Scalars from "../../wire/scalars.ts"
import type { InfoOptions, MediaInfo } from "../Download.ts"
import type { WhatsAppClient } from "../WhatsAppClient.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import * as Graph from "./graph.ts"

const decodeInfo = SchemaParser.decodeUnknownResult(
  Schema.Struct({
    url: Schema.RedactedFromValue(Schema.NonEmptyString),
    mime_type: Scalars.lenient(Scalars.Text),
    sha256: Scalars.lenient(Scalars.Text),
    file_size: Scalars.lenient(Scalars.Number)
  })
)
const decodeDeleted = SchemaParser.decodeUnknownResult(Schema.Struct({ success: Schema.Literal(true) }))

const isSize = (size: number | undefined): size is number =>
  size !== undefined && Number.isSafeInteger(size) && size >= 0

export const make = (
  config: WhatsAppConfig["Service"],
  http: HttpClient.HttpClient
): Pick<WhatsAppClient["Service"], "mediaInfo" | "deleteMedia"> => {
  const call = Graph.make(http)

  const ask = Effect.fnUntraced(function* <A>(
    method: string,
    request: typeof HttpClientRequest.get,
    id: string,
    options: InfoOptions | undefined,
    decode: Graph.Call<A>["decode"]
  ) {
    const { from, token } = yield* Graph.numberOf(config, method, options?.from)
    yield* Effect.annotateCurrentSpan({ "whatsapp.phone_number_id": from, "whatsapp.media.id": id })
    return yield* call({
      method,
      token,
      request: HttpClientRequest.setUrlParam(request(Graph.urlOf(config, id)), "phone_number_id", from),
      decode
    })
  })

  const mediaInfo = Effect.fn("WhatsAppClient.mediaInfo")(function* (
    id: string,
    options?: InfoOptions
  ): Effect.fn.Return<MediaInfo, WhatsAppError> {
    const info = yield* ask("WhatsAppClient.mediaInfo", HttpClientRequest.get, id, options, decodeInfo)
    return {
      id: MediaId.make(id),
      url: info.url,
      ...present({
        mimeType: info.mime_type,
        size: isSize(info.file_size) ? info.file_size : undefined,
        sha256: info.sha256
      })
    }
  })

  const deleteMedia = Effect.fn("WhatsAppClient.deleteMedia")(function* (
    id: string,
    options?: InfoOptions
  ): Effect.fn.Return<void, WhatsAppError> {
    yield* ask("WhatsAppClient.deleteMedia", HttpClientRequest.delete, id, options, decodeDeleted)
  })

  return { mediaInfo, deleteMedia }
}
