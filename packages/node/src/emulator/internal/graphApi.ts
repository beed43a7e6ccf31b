/** The Graph API's one endpoint: who asks, what they ask, and what Meta answers. */
import { PhoneNumber } from "@effect-whatsapp/core/domain"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as ByteSize from "effect/ByteSize"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Latch from "effect/Latch"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import { Activity } from "../Activity.ts"
import type { BusinessNumber, MetaOptions } from "../CloudApiEmulator.ts"
import type { Fault } from "../Fault.ts"
import type { Sent } from "../Person.ts"
import { compact } from "./envelope.ts"
import * as GraphError from "./graphError.ts"
import { Refused } from "./graphError.ts"
import * as ids from "./ids.ts"
import * as MetaJson from "./metaJson.ts"
import type { Entry, People } from "./people.ts"
import * as SendBody from "./sendBody.ts"
import type { About } from "./statuses.ts"
import * as Templates from "./templates.ts"

interface Accepted {
  readonly about: About
  readonly entry: Entry | undefined
  readonly fault: Fault | undefined
  /** Done when the answer has left: the first status comes after it. */
  readonly answered: Effect.Effect<unknown>
}

export interface World {
  readonly options: MetaOptions
  readonly numbers: ReadonlyMap<string, BusinessNumber>
  readonly people: People
  readonly millis: () => number
  readonly tell: (happened: Activity) => void
  readonly takeFault: () => Fault | undefined
  readonly accept: (accepted: Accepted) => void
  /** `false` when this number never got the message. */
  readonly markRead: (wamid: string, phoneNumberId: string, typing: boolean) => boolean
}

const day = 86_400_000

export const mount = Effect.fnUntraced(function* (world: World) {
  const router = yield* HttpRouter.HttpRouter

  const send = Effect.fnUntraced(function* (
    request: HttpServerRequest.HttpServerRequest,
    from: BusinessNumber,
    { body, callbackData, content, recipient, replyTo }: SendBody.Send
  ) {
    const template = content.type === "template" ? content.template : undefined
    const read =
      content.type === "text"
        ? { text: content.text, category: "service" }
        : yield* Templates.hydrate(content.template, world.options.templates)
    const entry = yield* find(world, from, recipient)
    if (recipient._tag === "UserId" && read.category === "authentication") {
      return yield* new Refused({
        code: 131062,
        details: "Authentication templates cannot be sent to a business-scoped user id."
      })
    }
    const wroteAt = entry?.wroteAt.get(from.phoneNumberId) ?? -Infinity
    const isOpen = template !== undefined || recipient._tag === "Group" || world.millis() - wroteAt < day
    if (!isOpen && world.options.customerServiceWindow !== false) {
      const details =
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
      return yield* new Refused({ code: 131047, details })
    }
    const fault = world.takeFault()
    if (fault?._tag === "Refuse") {
      const { _tag, ...refusal } = fault
      return yield* new Refused(refusal)
    }
    const to = recipient.input
    const wamid = ids.wamid()
    if (fault === undefined || fault._tag === "Undelivered" || fault.accepted) {
      const sent: Sent = {
        wamid,
        phoneNumberId: from.phoneNumberId,
        to,
        type: content.type,
        text: read.text,
        body,
        at: DateTime.makeUnsafe(world.millis()),
        ...(callbackData === undefined ? {} : { callbackData }),
        ...(replyTo === undefined ? {} : { replyTo })
      }
      const latch = Latch.makeUnsafe()
      // The scope of a request ends when its answer is written.
      yield* Effect.addFinalizer(() => latch.open)
      const groupId = recipient._tag === "Group" ? to : undefined
      const about = { sent, person: entry?.person, groupId, category: read.category }
      world.accept({ about, entry, fault, answered: latch.await })
    }
    if (fault !== undefined && fault._tag !== "Undelivered") return yield* play(fault, request)
    const phone = recipient._tag === "Phone" ? (entry?.person.phone ?? recipient.digits) : undefined
    return answer(200, {
      messaging_product: "whatsapp",
      contacts: [
        compact({
          input: to,
          wa_id: recipient._tag === "Group" ? to : phone,
          user_id: recipient._tag === "UserId" ? to : undefined
        })
      ],
      messages: [
        compact({
          id: wamid,
          group_id: recipient._tag === "Group" ? to : undefined,
          message_status: template === undefined ? undefined : "accepted"
        })
      ]
    })
  })

  const messages = Effect.fn("CloudApiEmulator.messages")(
    function* (request: HttpServerRequest.HttpServerRequest) {
      const { phoneNumberId = "", version = "" } = yield* HttpRouter.params
      if (!/^v\d+\.\d+$/.test(version)) return yield* GraphError.unknownObject(version, request.method)
      const from = yield* authorize(world, request, phoneNumberId)
      const text = yield* Effect.mapError(
        request.text,
        () => new Refused({ code: 1, details: "The body could not be read." })
      )
      const body = yield* SendBody.parse(request.headers["content-type"], text)
      if (body._tag === "Send") return yield* send(request, from, body.send)
      if (!world.markRead(body.wamid, phoneNumberId, body.typing)) {
        return yield* new Refused({ code: 131009, details: "Param message_id is not a message to this number." })
      }
      return answer(200, { success: true })
    },
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.mebibytes(1)),
    Effect.catchTag("Refused", (error) => refuse(world, error))
  )

  const unknown = (request: HttpServerRequest.HttpServerRequest) => {
    const id = request.url.split(/[/?]/)[2] ?? ""
    return refuse(world, GraphError.unknownObject(id, request.method))
  }

  yield* router.add("POST", "/:version/:phoneNumberId/messages", (request) => {
    const version = request.url.split("/")[1] ?? ""
    return Effect.map(messages(request), HttpServerResponse.setHeader("facebook-api-version", version))
  })
  yield* router.add("*", "/:version/*", unknown)
})

const answer = (status: number, body: Schema.JsonObject) =>
  HttpServerResponse.text(MetaJson.encode(body), { status, contentType: "application/json; charset=UTF-8" })

const refuse = (world: World, error: Refused) =>
  Effect.sync(() => {
    world.tell(Activity.Refused({ code: error.code, details: error.details ?? error.graph?.message ?? "" }))
    return answer(GraphError.statusOf(error), GraphError.body(error))
  })

/** Meta looks at the token first, and at what it opens second. */
const authorize = Effect.fnUntraced(function* (
  world: World,
  request: HttpServerRequest.HttpServerRequest,
  phoneNumberId: string
) {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1]
  if (token === undefined) {
    return yield* GraphError.badToken("An access token is required to request this resource.")
  }
  const opens = (one: BusinessNumber) =>
    token === (typeof one.accessToken === "string" ? one.accessToken : Redacted.value(one.accessToken))
  if (!world.options.numbers.some(opens)) {
    return yield* GraphError.badToken("Invalid OAuth access token - Cannot parse access token")
  }
  const number = world.numbers.get(phoneNumberId)
  if (number === undefined || !opens(number)) return yield* GraphError.unknownObject(phoneNumberId, request.method)
  return number
})

const find = Effect.fnUntraced(function* (world: World, from: BusinessNumber, recipient: SendBody.Recipient) {
  switch (recipient._tag) {
    case "Phone": {
      if (PhoneNumber.normalForm(from.displayPhoneNumber) === PhoneNumber.normalForm(recipient.digits)) {
        return yield* new Refused({ code: 131021, details: "Recipient cannot be the sender." })
      }
      return world.people.byPhone(recipient.digits) ?? (yield* world.people.add({ phone: recipient.digits }))
    }
    case "UserId": {
      const entry = world.people.byUserId(recipient.input)
      if (entry !== undefined) return entry
      // Ids of another portfolio look the same.
      return yield* new Refused({ code: 131009, details: "Param recipient is not a user of this business portfolio." })
    }
    case "Group": {
      if (world.options.groups?.includes(recipient.input) === true) return undefined
      return yield* new Refused({ code: 131041, details: "The group does not exist or the business is not in it." })
    }
  }
})

const play = (
  fault: Exclude<Fault, { readonly _tag: "Refuse" | "Undelivered" }>,
  request: HttpServerRequest.HttpServerRequest
) => {
  switch (fault._tag) {
    case "Page":
      return Effect.succeed(
        HttpServerResponse.text(page, { status: fault.status, contentType: "text/html; charset=utf-8" })
      )
    case "Drop":
      return Effect.andThen(
        Effect.sync(() => NodeHttpServerRequest.toIncomingMessage(request).socket.destroy()),
        Effect.never
      )
    case "Silence":
      return Effect.never
  }
}

const page =
  "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
