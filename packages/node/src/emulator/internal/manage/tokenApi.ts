/** `GET /debug_token`: what a token is, and what it may do. */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as Schema from "effect/Schema"
import { compact, type Fields } from "../envelope.ts"
import { answer, bearer, endpoint, holder, type World } from "../graph.ts"
import type { Refused } from "../graphError.ts"
import type { Token } from "../tokens.ts"
import { application } from "./nodes.ts"
import * as Parameters from "./parameters.ts"

export const mount = (router: HttpRouter.HttpRouter, world: World) =>
  endpoint(
    router,
    world,
    "GET",
    "/debug_token",
    Effect.fnUntraced(function* (request) {
      // The app's own token asks, or one of its users'.
      if (world.tokens.appOf(yield* bearer(request)) === undefined) yield* holder(world, request)
      const input = yield* Parameters.required(yield* Parameters.read(request), "input_token")
      return answer(200, { data: describe(world, input) })
    })
  )

const describe = (world: World, input: string): Schema.JsonObject => {
  const app = world.tokens.appOf(input)
  if (app !== undefined) {
    return { app_id: app, type: "APP", application, is_valid: true, scopes: [] }
  }
  const token = world.tokens.find(input)
  if (token === undefined) {
    return { error: { code: 190, message: "Invalid OAuth access token." }, is_valid: false, scopes: [] }
  }
  const fault = world.tokens.fault(token)
  return compact({
    app_id: token.appId,
    type: token.type,
    application,
    data_access_expires_at: token.dataAccessExpiresAt,
    error: fault === undefined ? undefined : errorOf(fault),
    expires_at: token.expiresAt,
    is_valid: fault === undefined,
    issued_at: token.issuedAt,
    scopes: token.scopes,
    granular_scopes: token.scopes.map((scope) => granular(scope, token)),
    user_id: "122096543210987654"
  })
}

const errorOf = ({ code, graph, subcode }: Refused): Fields => compact({ code, message: graph?.message, subcode })

/** Which accounts a permission is for; those that are not for accounts name none. */
const granular = (scope: string, { accounts }: Token): Fields =>
  compact({ scope, target_ids: scope.startsWith("whatsapp_business_") ? accounts : undefined })
