/**
 * What happens when several responders share a number: who answers a conversation, and copies of what is said in those
 * that another one answers. Who answers such a copy takes the conversation over, so none of them is a message event.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { GroupId, MessageId } from "../domain/Ids.ts"
import { Content } from "./content.ts"
import { Context, conversation, echo, raw, Referral } from "./shared.ts"
import { StatusUpdate } from "./StatusUpdate.ts"

const text = Schema.optionalKey(Schema.String)

/** Another responder answers a conversation from now on. Giving one away oneself is not reported. */
export const ConversationControlChanged = Schema.TaggedStruct("ConversationControlChanged", {
  ...conversation,
  /** `control_passed` when it was given, `control_taken` when it was taken. */
  change: Schema.String,
  timestamp: Schema.DateTimeUtcFromString,
  previousOwnerAppId: text,
  /** `customer_service`, `marketing`, `utility`, `ctwa`, `ai_agent`, `escalation`; in older forms `meta_business_agent`. */
  previousOwnerRole: text,
  newOwnerAppId: text,
  newOwnerRole: text,
  /** What the one who gave it away has to say, up to 2000 characters. */
  metadata: text,
  /** What was said before, summed up by Meta's model. Untrusted text. */
  summary: text,
  ...raw
})
export type ConversationControlChanged = typeof ConversationControlChanged.Type

/** A customer wrote in a conversation that another responder answers: do not answer it automatically. */
export const StandbyMessageReceived = Schema.TaggedStruct("StandbyMessageReceived", {
  wamid: MessageId,
  ...conversation,
  /** Set when the message was written in a group. */
  groupId: Schema.optionalKey(GroupId),
  timestamp: Schema.DateTimeUtcFromString,
  context: Schema.optionalKey(Context),
  referral: Schema.optionalKey(Referral),
  content: Content,
  ...raw
})
export type StandbyMessageReceived = typeof StandbyMessageReceived.Type

/** The status of a message changed that another responder sent. */
export const StandbyStatusUpdate = Schema.TaggedStruct(
  "StandbyStatusUpdate",
  Struct.omit(StatusUpdate.fields, ["_tag", "stale"])
)
export type StandbyStatusUpdate = typeof StandbyStatusUpdate.Type

/** Another responder wrote to a customer. */
export const StandbyEchoed = Schema.TaggedStruct("StandbyEchoed", {
  ...echo,
  /** The body with which it was sent, in Meta's words. */
  message: Schema.JsonObject,
  /** The whole template or flow that the body names. */
  template: Schema.optionalKey(Schema.JsonObject),
  flow: Schema.optionalKey(Schema.JsonObject),
  ...raw
})
export type StandbyEchoed = typeof StandbyEchoed.Type

/** What happens when several responders share a number, told apart by `_tag`. */
export const RoutingEvent = Schema.Union([
  ConversationControlChanged,
  StandbyMessageReceived,
  StandbyStatusUpdate,
  StandbyEchoed
]).pipe(Schema.toTaggedUnion("_tag"))
export type RoutingEvent = typeof RoutingEvent.Type
