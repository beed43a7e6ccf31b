/** Who may manage what. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import { bearer, holder, type World } from "../graph.ts"
import * as GraphError from "../graphError.ts"
import { Refused } from "../graphError.ts"
import { checkScope, type Token } from "../tokens.ts"

type Request = HttpServerRequest.HttpServerRequest

/** Who asks, when their token manages the account of this emulator. */
export const manager = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  id: string
): Effect.fn.Return<Token, Refused> {
  const token = yield* holder(world, request)
  yield* checkScope(token, "whatsapp_business_management")
  return token.accounts.includes(world.options.businessAccountId)
    ? token
    : yield* GraphError.unknownObject(id, request.method)
})

/** Who asks for the account in the path. */
export const ofAccount = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  id: string
): Effect.fn.Return<Token, Refused> {
  const token = yield* manager(world, request, id)
  return id === world.options.businessAccountId ? token : yield* GraphError.unknownObject(id, request.method)
})

/** Nothing, when the token is the app's own, and the app is the one in the path. */
export const ofApp = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  id: string
): Effect.fn.Return<void, Refused> {
  const text = yield* bearer(request)
  const app = world.tokens.appOf(text)
  if (app === undefined) {
    yield* holder(world, request)
    const message = "(#15) This method must be called with an app access_token."
    return yield* new Refused({ code: 15, graph: { type: "OAuthException", message } })
  }
  if (app !== id) return yield* GraphError.unknownObject(id, request.method)
})
