/**
 * The resumable upload, which gives a handle for template samples and profile pictures: a session is opened, raw bytes
 * are sent to it, and after a break the session tells where to go on.
 */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Stream from "effect/Stream"
import { answer, endpoint, hangUp, opened, query, type World } from "./graph.ts"
import * as GraphError from "./graphError.ts"
import { invalid, missing } from "./sendIssue.ts"
import type { Session } from "./uploads.ts"

type Request = HttpServerRequest.HttpServerRequest

const fileTypes: ReadonlySet<string> = new Set(["image/jpeg", "image/jpg", "image/png", "video/mp4", "application/pdf"])

export const mount = Effect.fnUntraced(function* (router: HttpRouter.HttpRouter, world: World) {
  yield* endpoint(
    router,
    world,
    "POST",
    "/:appId/uploads",
    Effect.fnUntraced(function* (request, { appId = "" }) {
      yield* opened(world, request)
      const isApp = world.options.appId === undefined ? /^\d+$/.test(appId) : appId === world.options.appId
      if (!isApp) return yield* GraphError.unknownObject(appId, request.method)
      const given = query(request)
      const size = given.get("file_length")
      const type = given.get("file_type")
      if (size === null) return yield* missing("file_length")
      if (type === null) return yield* missing("file_type")
      if (!/^[1-9]\d{0,11}$/.test(size)) return yield* invalid("Param file_length must be a number of bytes.")
      if (!fileTypes.has(type)) {
        return yield* invalid(`Param file_type must be one of {${Array.from(fileTypes).join(", ")}}.`)
      }
      return answer(200, { id: world.uploads.open(given.get("file_name") ?? undefined, type, Number(size)).id })
    })
  )
})

/** `GET /{upload-session-id}`. */
export const offset = (session: Session) => answer(200, { id: session.id, file_offset: session.offset() })

/** `POST /{upload-session-id}`: whatever arrives is kept, also of a connection that breaks. */
export const append = Effect.fnUntraced(function* (world: World, request: Request, session: Session) {
  const from = request.headers.file_offset
  if (from === undefined) return yield* missing("file_offset")
  if (from !== String(session.offset())) {
    return yield* invalid(`Param file_offset must be ${session.offset()}, where the upload stands.`)
  }
  const cut = world.takeUploadCut()
  let arrived = 0
  let isOver = false
  yield* request.stream.pipe(
    Stream.mapError(() => invalid("The body could not be read.")),
    Stream.runForEach((piece) => {
      const kept = cut === undefined ? piece : piece.subarray(0, cut - arrived)
      arrived += kept.length
      isOver = session.add(kept) || isOver
      return kept.length < piece.length ? hangUp(request) : Effect.void
    })
  )
  const handle = session.handle()
  if (isOver) return yield* invalid("More bytes came than file_length says.")
  return handle === undefined ? offset(session) : answer(200, { h: handle })
})
