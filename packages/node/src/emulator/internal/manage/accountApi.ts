/** The account, its numbers, and who hears of what. */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { BusinessNumber } from "../../CloudApiEmulator.ts"
import type { HandshakeRefused } from "../../HandshakeRefused.ts"
import { compact } from "../envelope.ts"
import { answer, endpoint, type World } from "../graph.ts"
import { Refused } from "../graphError.ts"
import { invalid } from "../sendIssue.ts"
import { allFields, isCallback } from "../subscriptions.ts"
import * as Access from "./access.ts"
import * as Fields from "./fields.ts"
import * as Nodes from "./nodes.ts"
import * as Paging from "./paging.ts"
import * as Parameters from "./parameters.ts"

type Request = HttpServerRequest.HttpServerRequest

const done = answer(200, { success: true })

export const mount = Effect.fnUntraced(function* (router: HttpRouter.HttpRouter, world: World) {
  yield* endpoint(
    router,
    world,
    "GET",
    "/:wabaId/phone_numbers",
    Effect.fnUntraced(function* (request, { version = "", wabaId = "" }) {
      const token = yield* Access.ofAccount(world, request, wabaId)
      const given = yield* Parameters.read(request)
      const all = world.options.numbers.map((number, place) => ({ number, place }))
      const page = yield* Paging.page(world, request, token.text, given, all)
      const data = yield* Effect.forEach(page.items, ({ number }) => described(world, given, number, version))
      return answer(200, Paging.listed(page, data))
    })
  )
  yield* endpoint(
    router,
    world,
    "GET",
    "/:wabaId/subscribed_apps",
    Effect.fnUntraced(function* (request, { wabaId = "" }) {
      yield* Access.ofAccount(world, request, wabaId)
      const { subscriptions } = world
      const app = compact({
        whatsapp_business_api_data: Nodes.app(world),
        override_callback_uri: subscriptions.ofAccount()
      })
      return answer(200, { data: subscriptions.isSubscribed() ? [app] : [] })
    })
  )
  yield* endpoint(
    router,
    world,
    "POST",
    "/:wabaId/subscribed_apps",
    Effect.fnUntraced(function* (request, { wabaId = "" }) {
      yield* Access.ofAccount(world, request, wabaId)
      const given = yield* Parameters.read(request)
      world.subscriptions.subscribe(yield* override(world, given))
      return done
    })
  )
  yield* endpoint(
    router,
    world,
    "DELETE",
    "/:wabaId/subscribed_apps",
    Effect.fnUntraced(function* (request, { wabaId = "" }) {
      yield* Access.ofAccount(world, request, wabaId)
      world.subscriptions.unsubscribe()
      return done
    })
  )
  yield* endpoint(
    router,
    world,
    "GET",
    "/:appId/subscriptions",
    Effect.fnUntraced(function* (request, { appId = "", version = "" }) {
      yield* Access.ofApp(world, request, appId)
      const { subscriptions } = world
      const fields = subscriptions.fields()
      const callback_url = subscriptions.callbackUrl()
      const one = compact({
        object,
        callback_url,
        active: subscriptions.isActive(),
        fields: fields.map((name) => ({ name, version }))
      })
      return answer(200, { data: callback_url === undefined || fields.length === 0 ? [] : [one] })
    })
  )
  yield* endpoint(
    router,
    world,
    "POST",
    "/:appId/subscriptions",
    Effect.fnUntraced(function* (request, { appId = "" }) {
      yield* Access.ofApp(world, request, appId)
      const given = yield* Parameters.read(request)
      yield* checkObject(yield* Parameters.required(given, "object"))
      const url = yield* Parameters.required(given, "callback_url")
      const fields = yield* fieldsIn(given)
      yield* handshake(world, url, yield* Parameters.required(given, "verify_token"))
      // Without fields, those that there are stay.
      world.subscriptions.subscribeApp(url, fields ?? world.subscriptions.fields())
      return done
    })
  )
  yield* endpoint(
    router,
    world,
    "DELETE",
    "/:appId/subscriptions",
    Effect.fnUntraced(function* (request, { appId = "" }) {
      yield* Access.ofApp(world, request, appId)
      const given = yield* Parameters.read(request)
      const about = yield* Parameters.text(given, "object")
      if (about !== undefined) yield* checkObject(about)
      world.subscriptions.unsubscribeApp(yield* fieldsIn(given))
      return done
    })
  )
})

/** `GET /{waba-id}`. */
export const getAccount = Effect.fnUntraced(function* (world: World, request: Request) {
  yield* Access.ofAccount(world, request, world.options.businessAccountId)
  const asked = yield* Fields.wanted(yield* Parameters.read(request))
  return answer(200, yield* Fields.select(Nodes.account(world), asked, Nodes.usualOfAccount))
})

/** `GET /{phone-number-id}`. */
export const getNumber = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  number: BusinessNumber,
  version: string
) {
  yield* Access.manager(world, request, number.phoneNumberId)
  return answer(200, yield* described(world, yield* Parameters.read(request), number, version))
})

const Configuration = Schema.Struct({
  override_callback_uri: Schema.String,
  verify_token: Schema.optionalKey(Schema.String)
})

/** `POST /{phone-number-id}`: of all that can be set there, the callback URL alone. */
export const postNumber = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  { phoneNumberId }: BusinessNumber
) {
  yield* Access.manager(world, request, phoneNumberId)
  const given = yield* Parameters.read(request)
  const configuration = Parameters.json(given, "webhook_configuration")
  if (configuration === undefined) return yield* invalid("The parameter webhook_configuration is required.")
  const decoded = Schema.decodeUnknownOption(Configuration)(configuration)
  if (Option.isNone(decoded)) {
    return yield* invalid("Param webhook_configuration must be an object with override_callback_uri and verify_token.")
  }
  const url = yield* override(world, new Map(Object.entries(decoded.value)))
  world.subscriptions.setOfNumber(phoneNumberId, url)
  return done
})

const described = Effect.fnUntraced(function* (
  world: World,
  given: Parameters.Parameters,
  number: BusinessNumber,
  version: string
) {
  const node = Nodes.number(world, number, world.options.server?.servedVersion ?? version)
  return yield* Fields.select(node, yield* Fields.wanted(given), Nodes.usualOfNumber)
})

const object = "whatsapp_business_account"

const checkObject = (about: string): Effect.Effect<void, Refused> =>
  about === object ? Effect.void : Effect.fail(invalid(`Param object must be one of {${object}}.`))

/** Names, or objects with a name and a version as the answer has them. */
const fieldsIn = Effect.fnUntraced(function* (
  given: Parameters.Parameters
): Effect.fn.Return<ReadonlyArray<string> | undefined, Refused> {
  const fields = yield* Parameters.words(given, "fields")
  const unknown = fields?.find((field) => !allFields.includes(field))
  return unknown === undefined ? fields : yield* invalid(`Param fields has no field ${JSON.stringify(unknown)}.`)
})

/** Another URL than the app's, once it has passed the handshake; `undefined` when the app's is meant. */
const override = Effect.fnUntraced(function* (
  world: World,
  given: Parameters.Parameters
): Effect.fn.Return<string | undefined, Refused> {
  const url = yield* Parameters.text(given, "override_callback_uri")
  if (url === undefined || url === "") return undefined
  if (url.length > 200) return yield* invalid("Param override_callback_uri must be at most 200 characters.")
  yield* handshake(world, url, yield* Parameters.required(given, "verify_token"))
  return url
})

const handshake = (world: World, url: string, verifyToken: string): Effect.Effect<void, Refused> =>
  isCallback(url)
    ? Effect.mapError(world.verify(url, verifyToken), callbackRefused)
    : Effect.fail(invalid("Param callback_url must be a valid URL."))

const callbackRefused = ({ details, status }: HandshakeRefused): Refused => {
  const found = status === undefined ? details : `HTTP Status Code = ${status}; ${details}`
  const message = `(#2200) Callback verification failed with the following errors: ${found}`
  return new Refused({ code: 2200, graph: { type: "OAuthException", message } })
}
