/** Sending: what a business asks for, and what Meta answers and then does. */
import { PhoneNumber } from "@effect-whatsapp/core/domain"
import * as ByteSize from "effect/ByteSize"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Latch from "effect/Latch"
import type { BusinessNumber } from "../CloudApiEmulator.ts"
import { Fault } from "../Fault.ts"
import type { Sent } from "../Person.ts"
import { describe } from "./describe.ts"
import { compact } from "./envelope.ts"
import { answer, authorize, endpoint, hangUp, type World } from "./graph.ts"
import { Refused } from "./graphError.ts"
import * as ids from "./ids.ts"
import * as MediaTypes from "./mediaTypes.ts"
import type { Entry } from "./people.ts"
import * as SendBody from "./sendBody.ts"
import { invalid, wrongValue } from "./sendIssue.ts"
import type { Message } from "./sendSchema/message.ts"
import { allComponents } from "./sendSchema/template.ts"
import * as SentMedia from "./sentMedia.ts"
import * as Templates from "./templates.ts"

type Request = HttpServerRequest.HttpServerRequest

type Endpoint = "messages" | "marketing_messages"

const day = 86_400_000

export const mount = Effect.fnUntraced(function* (router: HttpRouter.HttpRouter, world: World) {
  const bodyOf = (request: Request) =>
    request.text.pipe(
      Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.mebibytes(1)),
      Effect.mapError(() => new Refused({ code: 1, details: "The body could not be read." }))
    )
  yield* endpoint(
    router,
    world,
    "POST",
    "/:phoneNumberId/messages",
    Effect.fn("CloudApiEmulator.messages")(function* (request, { phoneNumberId = "" }) {
      const from = yield* authorize(world, request, phoneNumberId)
      const body = yield* SendBody.parse(request.headers["content-type"], yield* bodyOf(request))
      if (body._tag === "Send") return yield* send(world, request, from, body.send, "messages")
      if (!world.markRead(body.wamid, phoneNumberId, body.typing)) {
        return yield* wrongValue("Param message_id is not a message to this number.")
      }
      return answer(200, { success: true })
    })
  )
  yield* endpoint(
    router,
    world,
    "POST",
    "/:phoneNumberId/marketing_messages",
    Effect.fn("CloudApiEmulator.marketingMessages")(function* (request, { phoneNumberId = "" }) {
      const from = yield* authorize(world, request, phoneNumberId)
      const body = yield* SendBody.parseMarketing(request.headers["content-type"], yield* bodyOf(request))
      return yield* send(world, request, from, body, "marketing_messages")
    })
  )
})

const send = Effect.fnUntraced(function* (
  world: World,
  request: Request,
  from: BusinessNumber,
  { body, message, recipient }: SendBody.Send,
  through: Endpoint
) {
  yield* checkKind(message, recipient)
  const read = yield* readingOf(world, message, through)
  const entry = yield* find(world, from, recipient)
  if (recipient._tag === "UserId" && read.category === "authentication") {
    const details = "Authentication templates cannot be sent to a business-scoped user id."
    return yield* new Refused({ code: 131062, details })
  }
  const wroteAt = entry?.wroteAt.get(from.phoneNumberId) ?? -Infinity
  const isOpen = !read.needsWindow || recipient._tag === "Group" || world.millis() - wroteAt < day
  if (!isOpen && world.options.customerServiceWindow !== false) {
    const details =
      "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
    return yield* new Refused({ code: 131047, details })
  }
  const mismatch = yield* checkMedia(world, from, message)
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
      type: message.type,
      text: read.text,
      body,
      at: DateTime.makeUnsafe(world.millis()),
      ...(message.biz_opaque_callback_data === undefined ? {} : { callbackData: message.biz_opaque_callback_data }),
      ...("context" in message && message.context !== undefined ? { replyTo: message.context.message_id } : {})
    }
    const latch = Latch.makeUnsafe()
    // The scope of a request ends when its answer is written.
    yield* Effect.addFinalizer(() => latch.open)
    const groupId = recipient._tag === "Group" ? to : undefined
    const about = { sent, person: entry?.person, groupId, category: read.category }
    const undelivered = fault?._tag === "Undelivered" ? fault : (mismatch ?? badTarget(world, from, message, entry))
    world.accept({ about, entry, undelivered, answered: latch.await })
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
        message_status: message.type === "template" ? "accepted" : undefined
      })
    ]
  })
})

interface Reading {
  readonly text: string
  /** Pricing category. */
  readonly category: string
  /** Whether only those who wrote in the last 24 hours may get it. */
  readonly needsWindow: boolean
}

const readingOf = Effect.fnUntraced(function* (
  world: World,
  message: Message,
  through: Endpoint
): Effect.fn.Return<Reading, Refused> {
  if (message.type !== "template") {
    const category = "category" in message ? message.category : undefined
    if (category !== undefined && world.options.directSend === false) {
      return yield* invalid("Direct Send is not enabled for this account.")
    }
    return { text: describe(message), category: category ?? "service", needsWindow: category === undefined }
  }
  const hasGif = allComponents(message.template).some((one) => one.parameters?.some((value) => value.type === "gif"))
  if (hasGif && through === "messages") {
    return yield* new Refused({ code: 132012, details: "header: a GIF may be sent by marketing_messages only" })
  }
  const { category, text } = yield* Templates.hydrate(message.template, world.templates)
  if (through === "messages") return { text, category: category ?? "utility", needsWindow: false }
  if (category !== undefined && category !== "marketing") {
    return yield* new Refused({ code: 134100, details: `The template is of the category ${category}.` })
  }
  return { text, category: "marketing_lite", needsWindow: false }
})

const forGroups: ReadonlySet<Message["type"]> = new Set([
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "template",
  "pin"
])

const checkKind = (message: Message, recipient: SendBody.Recipient): Effect.Effect<void, Refused> => {
  if (recipient._tag === "Group") {
    return forGroups.has(message.type)
      ? Effect.void
      : Effect.fail(
          new Refused({ code: 131051, details: `Messages of type ${message.type} cannot be sent to a group.` })
        )
  }
  return message.type === "pin"
    ? Effect.fail(invalid("Param type may be pin only when recipient_type is group."))
    : Effect.void
}

/** An id must be known; that a file is of another type than the message, Meta finds out later. */
const checkMedia = Effect.fnUntraced(function* (world: World, from: BusinessNumber, message: Message) {
  if (world.options.mediaIds === "any") return undefined
  for (const { id, use } of SentMedia.namedIn(message)) {
    const media = world.media.find(id)
    if (media?.phoneNumberId !== from.phoneNumberId) {
      return yield* wrongValue(`Param ${use}['id'] is not a file of this number, or no more: ${id}`)
    }
    if (!MediaTypes.fitsUse(media.mimeType, use)) {
      return Fault.Undelivered({ code: 131053, details: `A file of type ${media.mimeType} is no ${use}.` })
    }
  }
  return undefined
})

const badTarget = (world: World, from: BusinessNumber, message: Message, entry: Entry | undefined) => {
  if (message.type !== "reaction") return undefined
  const details = world.cannotReact(message.reaction.message_id, from.phoneNumberId, entry)
  return details === undefined ? undefined : Fault.Undelivered({ code: 131009, details })
}

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
      // Ids of another portfolio look the same.
      return entry ?? (yield* wrongValue("Param recipient is not a user of this business portfolio."))
    }
    case "Group": {
      if (world.options.groups?.includes(recipient.input) === true) return undefined
      return yield* new Refused({ code: 131041, details: "The group does not exist or the business is not in it." })
    }
  }
})

const play = (fault: Exclude<Fault, { readonly _tag: "Refuse" | "Undelivered" }>, request: Request) => {
  switch (fault._tag) {
    case "Page":
      return Effect.succeed(
        HttpServerResponse.text(page, { status: fault.status, contentType: "text/html; charset=utf-8" })
      )
    case "Drop":
      return hangUp(request)
    case "Silence":
      return Effect.never
  }
}

const page =
  "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
