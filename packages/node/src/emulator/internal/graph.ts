/** What all endpoints of the Graph API have in common: who asks, and how Meta answers. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Activity } from "../Activity.ts"
import type { BusinessNumber, MetaOptions } from "../CloudApiEmulator.ts"
import type { Fault } from "../Fault.ts"
import type { MediaFault } from "../MediaFault.ts"
import type { HandshakeRefused } from "../HandshakeRefused.ts"
import * as GraphError from "./graphError.ts"
import type { Refused } from "./graphError.ts"
import type { MediaStore } from "./mediaStore.ts"
import * as MetaJson from "./metaJson.ts"
import type { Entry, People } from "./people.ts"
import type { About } from "./statuses.ts"
import type { Subscriptions } from "./subscriptions.ts"
import type { TemplateStore } from "./templateStore.ts"
import * as Tokens from "./tokens.ts"
import type { Token } from "./tokens.ts"
import type { Uploads } from "./uploads.ts"

type Request = HttpServerRequest.HttpServerRequest

/** Found out after the answer: the message is reported as failed, and nobody gets it. */
export interface Undelivered {
  readonly code: number
  readonly details?: string
}

interface Accepted {
  readonly about: About
  readonly entry: Entry | undefined
  readonly undelivered: Undelivered | undefined
  /** Done when the answer has left: the first status comes after it. */
  readonly answered: Effect.Effect<unknown>
}

export interface World {
  readonly options: MetaOptions
  readonly url: string
  readonly numbers: ReadonlyMap<string, BusinessNumber>
  readonly people: People
  readonly media: MediaStore
  readonly uploads: Uploads
  readonly tokens: Tokens.Tokens
  readonly subscriptions: Subscriptions
  readonly templates: TemplateStore
  /** Makes the handshake with a callback URL. */
  readonly verify: (url: string, verifyToken: string) => Effect.Effect<void, HandshakeRefused>
  readonly millis: () => number
  readonly tell: (happened: Activity) => void
  readonly takeFault: () => Fault | undefined
  readonly takeMediaFault: () => MediaFault | undefined
  readonly takeUploadCut: () => number | undefined
  readonly accept: (accepted: Accepted) => void
  /** Why a reaction to this message cannot be shown; `undefined` when it can. */
  readonly cannotReact: (wamid: string, phoneNumberId: string, entry: Entry | undefined) => string | undefined
  /** `false` when this number never got the message. */
  readonly markRead: (wamid: string, phoneNumberId: string, typing: boolean) => boolean
}

export const answer = (status: number, body: Schema.JsonObject) =>
  HttpServerResponse.text(MetaJson.encode(body), { status, contentType: "application/json; charset=UTF-8" })

export const refuse = (world: World, error: Refused) =>
  Effect.sync(() => {
    world.tell(Activity.Refused({ code: error.code, details: error.details ?? error.graph?.message ?? "" }))
    return answer(GraphError.statusOf(error), GraphError.body(error))
  })

/** Adds an endpoint below the version; what it refuses is answered in Meta's form. */
export const endpoint = (
  router: HttpRouter.HttpRouter,
  world: World,
  method: "GET" | "POST" | "DELETE",
  path: `/${string}`,
  handler: (
    request: Request,
    params: { readonly [name: string]: string | undefined }
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse, Refused, Scope.Scope>
) =>
  router.add(method, `/:version${path}`, (request) =>
    Effect.gen(function* () {
      const params = yield* HttpRouter.params
      const { version = "" } = params
      const response = yield* inMetasForm(
        world,
        isVersion(version) ? handler(request, params) : Effect.fail(GraphError.unknownObject(version, request.method))
      )
      return stamped(world, response, version)
    })
  )

const isVersion = (text: string): boolean => /^v\d+\.\d+$/.test(text)

/** Which version answers, and what time it is there. */
export const stamped = (
  { millis, options: { server } }: World,
  response: HttpServerResponse.HttpServerResponse,
  version: string
) =>
  HttpServerResponse.setHeaders(response, {
    // What is no version is no header either.
    ...(isVersion(version) ? { "facebook-api-version": server?.servedVersion ?? version } : {}),
    date: new Date(millis() + Duration.toMillis(server?.clockAhead ?? 0)).toUTCString()
  })

/** What is refused is answered as Meta does. */
export const inMetasForm = <R>(
  world: World,
  handled: Effect.Effect<HttpServerResponse.HttpServerResponse, Refused, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R> =>
  handled.pipe(Effect.catch((error) => refuse(world, error)))

/** The query of a request. */
export const query = (request: Request): URLSearchParams => new URLSearchParams(/\?(.*)$/s.exec(request.url)?.[1] ?? "")

/** The token of a request; Meta looks at it first, and at what it opens second. */
export const bearer = (request: Request): Effect.Effect<string, Refused> => {
  // The resumable upload is documented with `OAuth`.
  const text =
    /^(?:Bearer|OAuth) (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? query(request).get("access_token")
  return text === null
    ? Effect.fail(GraphError.badToken("An access token is required to request this resource."))
    : Effect.succeed(text)
}

/** Who asks. */
export const holder = Effect.fnUntraced(function* (world: World, request: Request): Effect.fn.Return<Token, Refused> {
  const token = world.tokens.find(yield* bearer(request))
  if (token === undefined) return yield* GraphError.badToken("Invalid OAuth access token - Cannot parse access token")
  const fault = world.tokens.fault(token)
  return fault === undefined ? token : yield* fault
})

/** The numbers that the token opens. */
export const opened = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  scope?: Tokens.Scope
): Effect.fn.Return<ReadonlyArray<BusinessNumber>, Refused> {
  const token = yield* holder(world, request)
  if (scope !== undefined) yield* Tokens.checkScope(token, scope)
  return token.accounts.includes(world.options.businessAccountId) ? token.numbers : []
})

/** The number in the path, when the token opens it. */
export const authorize = Effect.fnUntraced(function* (world: World, request: Request, phoneNumberId: string) {
  const numbers = yield* opened(world, request, "whatsapp_business_messaging")
  const number = numbers.find((one) => one.phoneNumberId === phoneNumberId)
  return number ?? (yield* GraphError.unknownObject(phoneNumberId, request.method))
})

/** Breaks the connection. */
export const hangUp = (request: Request): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => NodeHttpServerRequest.toIncomingMessage(request).socket.destroy()),
    Effect.never
  )
