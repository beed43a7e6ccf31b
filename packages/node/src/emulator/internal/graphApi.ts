/** The Graph API: every endpoint that this Meta has, and what it says of the others. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Result from "effect/Result"
import { endpoint, opened, query, refuse, stamped, type World } from "./graph.ts"
import * as GraphError from "./graphError.ts"
import * as AccountApi from "./manage/accountApi.ts"
import * as TemplateApi from "./manage/templateApi.ts"
import * as TokenApi from "./manage/tokenApi.ts"
import * as MediaApi from "./mediaApi.ts"
import * as SendApi from "./sendApi.ts"
import * as UploadApi from "./uploadApi.ts"

export const mount = Effect.fnUntraced(function* (world: World) {
  const router = yield* HttpRouter.HttpRouter
  yield* SendApi.mount(router, world)
  yield* MediaApi.mount(router, world)
  yield* UploadApi.mount(router, world)
  yield* TokenApi.mount(router, world)
  yield* AccountApi.mount(router, world)
  yield* TemplateApi.mount(router, world)
  // The id alone says what it is of.
  yield* endpoint(
    router,
    world,
    "GET",
    "/:node",
    Effect.fnUntraced(function* (request, { node = "", version = "" }) {
      const session = sessionOf(world, request, node)
      if (session !== undefined) return yield* Effect.as(opened(world, request), UploadApi.offset(session))
      const number = world.numbers.get(node)
      if (number !== undefined) return yield* AccountApi.getNumber(world, request, number, version)
      if (node === world.options.businessAccountId) return yield* AccountApi.getAccount(world, request)
      const template = world.templates.get(node)
      if (template !== undefined) return yield* TemplateApi.get(world, request, template)
      return yield* MediaApi.get(world, request, node)
    })
  )
  yield* endpoint(router, world, "DELETE", "/:node", (request, { node = "" }) => MediaApi.remove(world, request, node))
  yield* endpoint(
    router,
    world,
    "POST",
    "/:node",
    Effect.fnUntraced(function* (request, { node = "" }) {
      yield* opened(world, request)
      const session = sessionOf(world, request, node)
      if (session !== undefined) return yield* UploadApi.append(world, request, session)
      const number = world.numbers.get(node)
      if (number !== undefined) return yield* AccountApi.postNumber(world, request, number)
      if (world.templates.get(node) !== undefined) return yield* TemplateApi.edit(world, request, node)
      return yield* GraphError.unknownObject(node, request.method)
    })
  )
  const unknown = (request: HttpServerRequest.HttpServerRequest) =>
    Effect.map(
      refuse(world, GraphError.unknownObject(request.url.split(/[/?]/)[2] ?? "", request.method)),
      (response) => stamped(world, response, request.url.split(/[/?]/)[1] ?? "")
    )
  yield* router.add("*", "/:version/*", unknown)
  // The router finds no route for such a path, and would answer with nothing at all.
  yield* router.addGlobalMiddleware((handled) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      isMalformed(request) ? unknown(request) : handled
    )
  )
})

const sessionOf = (world: World, request: HttpServerRequest.HttpServerRequest, node: string) =>
  world.uploads.find(node, query(request).get("sig"))

/** Whether a path below a version has escapes that are none, as in `/v23.0/%zz`. */
const isMalformed = ({ url }: HttpServerRequest.HttpServerRequest): boolean => {
  const path = /^\/v\d+\.\d+\/[^?#]*/.exec(url)?.[0]
  return path !== undefined && Result.isFailure(Result.try(() => decodeURIComponent(path)))
}
