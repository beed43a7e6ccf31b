/** Files: upload, a URL that lives for five minutes, download, delete. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import type { MediaFault } from "../MediaFault.ts"
import { answer, authorize, endpoint, inMetasForm, opened, query, type World } from "./graph.ts"
import * as GraphError from "./graphError.ts"
import { Refused } from "./graphError.ts"
import type { Media } from "./mediaStore.ts"
import * as MediaTypes from "./mediaTypes.ts"
import * as Multipart from "./multipart.ts"
import { invalid } from "./sendIssue.ts"

type Request = HttpServerRequest.HttpServerRequest

const day = 86_400_000
const minute = 60_000

const uploadedFor = 30 * day
/** How long the id of a customer's file lives; that of an upload lives longer. */
export const receivedFor = 7 * day

/** On the emulator itself, in the place of Meta's own host for files; there is no version in it. */
const attachments = "/whatsapp_business/attachments/"

export const urlOf = (world: Pick<World, "media" | "url">, media: Media, fault?: MediaFault): string =>
  `${world.url}${attachments}?${world.media.issue(media, fault)}`

export const mount = Effect.fnUntraced(function* (router: HttpRouter.HttpRouter, world: World) {
  yield* endpoint(
    router,
    world,
    "POST",
    "/:phoneNumberId/media",
    Effect.fnUntraced(function* (request, { phoneNumberId = "" }) {
      yield* authorize(world, request, phoneNumberId)
      return answer(200, { id: yield* upload(world, request, phoneNumberId) })
    })
  )
  yield* router.add("GET", attachments, (request) => inMetasForm(world, download(world, request)))
})

/** `GET /{media-id}`. */
export const get = Effect.fnUntraced(function* (world: World, request: Request, id: string) {
  return answer(200, describe(world, yield* find(world, request, id)))
})

/** `DELETE /{media-id}`. */
export const remove = Effect.fnUntraced(function* (world: World, request: Request, id: string) {
  world.media.remove((yield* find(world, request, id)).id)
  return answer(200, { success: true })
})

const upload = Effect.fnUntraced(function* (world: World, request: Request, phoneNumberId: string) {
  const { fields, file } = yield* Multipart.read(request)
  const product = fields.get("messaging_product")
  if (product === undefined) return yield* invalid("The parameter messaging_product is required.")
  if (product !== "whatsapp") return yield* invalid("Param messaging_product must be one of {WHATSAPP}.")
  if (file === undefined) return yield* invalid("The parameter file is required.")
  const mimeType = fields.get("type") ?? file.contentType
  // Says nothing, and so is none of the types that Meta takes.
  if (!MediaTypes.isMime(mimeType) || MediaTypes.essence(mimeType) === "application/octet-stream") {
    return yield* invalid("Param file must be a file with one of the documented types.")
  }
  const { content } = file
  const head = (content.pieces()[0] ?? new Uint8Array()).subarray(0, 64)
  const limit = MediaTypes.limitOf(mimeType, head)
  if (file.isTooLarge || content.size() > limit) {
    return yield* invalid(`Param file may have at most ${limit} bytes for its type.`)
  }
  if (content.size() === 0) return yield* invalid("Param file is empty.")
  if (!MediaTypes.fitsName(mimeType, file.name) || !isSameType(mimeType, file.contentType)) {
    const details = "The type of the file, the type of its part and the extension of its name do not fit together."
    return yield* new Refused({ code: 131053, details })
  }
  const minutes = fields.get("ttl_minutes")
  if (minutes !== undefined && !(/^\d+$/.test(minutes) && Number(minutes) >= 60 && Number(minutes) <= 43_200)) {
    return yield* invalid("Param ttl_minutes must be an integer from 60 to 43200.")
  }
  const lifetime = minutes === undefined ? uploadedFor : Number(minutes) * minute
  return world.media.add(content, { phoneNumberId, mimeType }, lifetime).id
})

const isSameType = (mimeType: string, ofPart: string): boolean =>
  MediaTypes.essence(ofPart) === "application/octet-stream" ||
  MediaTypes.essence(mimeType) === MediaTypes.essence(ofPart)

/** The file in the path, when the token opens its number, and the number in the query is its own. */
const find = Effect.fnUntraced(function* (world: World, request: Request, id: string) {
  const numbers = yield* opened(world, request, "whatsapp_business_messaging")
  const media = world.media.find(id)
  const asked = query(request).get("phone_number_id") ?? media?.phoneNumberId
  const isOpen = numbers.some((one) => one.phoneNumberId === media?.phoneNumberId)
  if (media === undefined || !isOpen || asked !== media.phoneNumberId) {
    return yield* GraphError.unknownObject(id, request.method)
  }
  return media
})

const describe = (world: World, media: Media) => {
  const fault = world.takeMediaFault()
  const sha256 = media.sha256.toString("hex")
  return {
    messaging_product: "whatsapp",
    url: fault?._tag === "ForeignHost" ? fault.url : urlOf(world, media, fault),
    mime_type: media.mimeType,
    sha256: fault?._tag === "WrongHash" ? Array.from(sha256).toReversed().join("") : sha256,
    file_size: String(media.size),
    id: media.id
  }
}

const download = Effect.fnUntraced(function* (world: World, request: Request) {
  const numbers = yield* opened(world, request)
  const found = world.media.redeem(query(request).get("hash") ?? "")
  const isOpen = numbers.some((one) => one.phoneNumberId === found?.media.phoneNumberId)
  if (found === undefined || !isOpen) {
    return yield* new Refused({
      code: 100,
      status: 404,
      graph: { type: "GraphMethodException", message: "The URL has expired or does not exist." }
    })
  }
  const { fault, media } = found
  const extra = fault?._tag === "Larger" ? fault.extraBytes : 0
  const whole = Stream.fromIterable(extra === 0 ? media.pieces : [...media.pieces, new Uint8Array(extra)])
  return HttpServerResponse.stream(
    fault?._tag === "Cut" ? Stream.concat(firstOf(media, fault.afterBytes), hangUpAfter(request)) : whole,
    { contentType: media.mimeType, contentLength: media.size + extra }
  )
})

const firstOf = (media: Media, bytes: number): Stream.Stream<Uint8Array> => {
  let left = bytes
  const pieces: Array<Uint8Array> = []
  for (const piece of media.pieces) {
    if (left <= 0) break
    pieces.push(piece.subarray(0, left))
    left -= piece.length
  }
  return Stream.fromIterable(pieces)
}

/** Breaks the connection when what was written has left. */
const hangUpAfter = (request: Request): Stream.Stream<never> =>
  Stream.fromEffect(
    Effect.andThen(
      Effect.sync(() => NodeHttpServerRequest.toIncomingMessage(request).socket.destroySoon()),
      Effect.never
    )
  )
