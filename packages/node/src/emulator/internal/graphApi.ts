/** The Graph API: every endpoint that this Meta has, and what it says of the others. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { endpoint, opened, refuse, type World } from "./graph.ts"
import * as GraphError from "./graphError.ts"
import * as MediaApi from "./mediaApi.ts"
import * as SendApi from "./sendApi.ts"
import * as UploadApi from "./uploadApi.ts"

export const mount = Effect.fnUntraced(function* (world: World) {
  const router = yield* HttpRouter.HttpRouter
  yield* SendApi.mount(router, world)
  yield* MediaApi.mount(router, world)
  yield* UploadApi.mount(router, world)
  // The id alone says what it is of.
  yield* endpoint(router, world, "GET", "/:node", (request, { node = "" }) => {
    const session = world.uploads.find(node)
    return session === undefined
      ? MediaApi.get(world, request, node)
      : Effect.as(opened(world, request), UploadApi.offset(session))
  })
  yield* endpoint(router, world, "DELETE", "/:node", (request, { node = "" }) => MediaApi.remove(world, request, node))
  yield* endpoint(
    router,
    world,
    "POST",
    "/:node",
    Effect.fnUntraced(function* (request, { node = "" }) {
      yield* opened(world, request)
      const session = world.uploads.find(node)
      if (session === undefined) return yield* GraphError.unknownObject(node, request.method)
      return yield* UploadApi.append(world, request, session)
    })
  )
  yield* router.add("*", "/:version/*", (request) => {
    const id = request.url.split(/[/?]/)[2] ?? ""
    return refuse(world, GraphError.unknownObject(id, request.method))
  })
})
