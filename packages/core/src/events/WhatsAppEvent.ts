/**
 * Everything that can happen, as one open union: a new tag is a minor version, so a `match` that must be complete for
 * ever needs a default (`matchOrElse`).
 */
import * as Schema from "effect/Schema"
import { AccountEvent } from "./account.ts"
import { BusinessEvent } from "./business.ts"
import { CallEvent } from "./calls.ts"
import { CoexistenceEvent } from "./coexistence.ts"
import { ErrorReported } from "./ErrorReported.ts"
import { GroupEvent } from "./groups.ts"
import { MessageEvent } from "./messages.ts"
import { DeliveryUnreadable, Undecodable, UnknownFieldReceived } from "./openWorld.ts"
import { PaymentUpdate } from "./PaymentUpdate.ts"
import { PeopleEvent } from "./people.ts"
import { RoutingEvent } from "./routing.ts"
import { StatusUpdate } from "./StatusUpdate.ts"
import { TemplateEvent } from "./templates.ts"

/** Schema for an event; encodes to JSON and back unchanged. Families stay whole: a tuple of all tags is too long for tsc. */
export const WhatsAppEvent = Schema.Union([
  MessageEvent,
  StatusUpdate,
  PaymentUpdate,
  CallEvent,
  GroupEvent,
  CoexistenceEvent,
  RoutingEvent,
  PeopleEvent,
  ErrorReported,
  TemplateEvent,
  AccountEvent,
  BusinessEvent,
  UnknownFieldReceived,
  Undecodable,
  DeliveryUnreadable
]).pipe(Schema.toTaggedUnion("_tag"))
export type WhatsAppEvent = typeof WhatsAppEvent.Type

/** The tags of all events. */
export type Tag = WhatsAppEvent["_tag"]

/** The event of a tag. */
export type Tagged<T extends Tag> = Extract<WhatsAppEvent, { readonly _tag: T }>

const messageTags: ReadonlySet<string> = new Set(MessageEvent.discriminants)

/** Whether a person caused the event: then it has a sender and can be replied to. */
export const isMessageEvent = (event: WhatsAppEvent): event is MessageEvent => messageTags.has(event._tag)
