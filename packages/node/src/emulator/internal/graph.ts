/** What all endpoints of the Graph API have in common: who asks, and how Meta answers. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Activity } from "../Activity.ts"
import type { BusinessNumber, MetaOptions } from "../CloudApiEmulator.ts"
import type { Fault } from "../Fault.ts"
import type { MediaFault } from "../MediaFault.ts"
import * as GraphError from "./graphError.ts"
import type { Refused } from "./graphError.ts"
import type { MediaStore } from "./mediaStore.ts"
import * as MetaJson from "./metaJson.ts"
import type { Entry, People } from "./people.ts"
import type { About } from "./statuses.ts"
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
        /^v\d+\.\d+$/.test(version)
          ? handler(request, params)
          : Effect.fail(GraphError.unknownObject(version, request.method))
      )
      return HttpServerResponse.setHeader(response, "facebook-api-version", version)
    })
  )

/** What is refused is answered as Meta does. */
export const inMetasForm = <R>(
  world: World,
  handled: Effect.Effect<HttpServerResponse.HttpServerResponse, Refused, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R> =>
  handled.pipe(Effect.catch((error) => refuse(world, error)))

/** The query of a request. */
export const query = (request: Request): URLSearchParams => new URLSearchParams(/\?(.*)$/s.exec(request.url)?.[1] ?? "")

/** The numbers that the token opens; Meta looks at the token first, and at what it opens second. */
export const opened = Effect.fnUntraced(function* (
  world: World,
  request: Request
): Effect.fn.Return<ReadonlyArray<BusinessNumber>, Refused> {
  // The resumable upload is documented with `OAuth`.
  const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(request.headers.authorization ?? "")?.[1]
  if (token === undefined) {
    return yield* GraphError.badToken("An access token is required to request this resource.")
  }
  const numbers = world.options.numbers.filter(
    (one) => token === (typeof one.accessToken === "string" ? one.accessToken : Redacted.value(one.accessToken))
  )
  if (numbers.length > 0) return numbers
  return yield* GraphError.badToken("Invalid OAuth access token - Cannot parse access token")
})

/** The number in the path, when the token opens it. */
export const authorize = Effect.fnUntraced(function* (world: World, request: Request, phoneNumberId: string) {
  const number = (yield* opened(world, request)).find((one) => one.phoneNumberId === phoneNumberId)
  return number ?? (yield* GraphError.unknownObject(phoneNumberId, request.method))
})

/** Breaks the connection. */
export const hangUp = (request: Request): Effect.Effect<never> =>
  Effect.andThen(
    Effect.sync(() => NodeHttpServerRequest.toIncomingMessage(request).socket.destroy()),
    Effect.never
  )
