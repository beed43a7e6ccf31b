/**
 * What comes from a number that is used in the WhatsApp Business app and by API at once: what the business writes in the
 * app, whom it knows there, and the chats it had before.
 */
import * as Schema from "effect/Schema"
import { DeliveryStatus } from "../domain/DeliveryStatus.ts"
import { MessageId } from "../domain/Ids.ts"
import { MetaError } from "../domain/MetaError.ts"
import { Content } from "./content.ts"
import { account, Context, conversation, echo, raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)

/** The business wrote to a customer in the WhatsApp Business app, or edited or deleted there what it had written. */
export const MessageEchoed = Schema.TaggedStruct("MessageEchoed", {
  ...echo,
  /** Phone number of the business. */
  from: text,
  context: Schema.optionalKey(Context),
  content: Content,
  ...raw
})
export type MessageEchoed = typeof MessageEchoed.Type

/** The business added, changed or removed a contact in the WhatsApp Business app. */
export const ContactSynced = Schema.TaggedStruct("ContactSynced", {
  ...conversation,
  /** `add`, also for a change, or `remove`. */
  action: Schema.String,
  /** `contact`. */
  type: text,
  /** The names that the business gave them; none when the contact was removed. */
  fullName: text,
  firstName: text,
  timestamp: Schema.optionalKey(Schema.DateTimeUtcFromString),
  ...raw
})
export type ContactSynced = typeof ContactSynced.Type

/** Where a piece of the history stands. Pieces come in any order: sort by `phase`, then by `chunkOrder`. */
export const HistoryChunk = Schema.Struct({
  /** How far back: `0` the last day, `1` up to day 90, `2` up to day 180. */
  phase: Schema.optionalKey(Schema.Finite),
  chunkOrder: Schema.optionalKey(Schema.Finite),
  /** How much of the history was sent, in percent; at 100 it is complete. */
  progress: Schema.optionalKey(Schema.Finite)
})
export type HistoryChunk = typeof HistoryChunk.Type

/** How far a message of the history had come. `Pending` was not sent yet; `Unknown` is what Meta has added since. */
export const HistoryStatus = Schema.Literals(["Pending", ...DeliveryStatus.literals])
export type HistoryStatus = typeof HistoryStatus.Type

/**
 * A message from before the business connected its number, written by the customer or by the business. A file comes
 * twice under the same `wamid`: first as `Unsupported` of type `media_placeholder`, later, if it is at most 14 days old,
 * with its content.
 */
export const HistoryMessageReceived = Schema.TaggedStruct("HistoryMessageReceived", {
  wamid: MessageId,
  ...conversation,
  /** Whether the business wrote it to `user`; otherwise `user` did. */
  fromBusiness: Schema.Boolean,
  timestamp: Schema.DateTimeUtcFromString,
  status: Schema.optionalKey(HistoryStatus),
  /** Of the piece it came in; none of the three where a placeholder gets its content. */
  ...HistoryChunk.fields,
  context: Schema.optionalKey(Context),
  content: Content,
  ...raw
})
export type HistoryMessageReceived = typeof HistoryMessageReceived.Type

/** The business does not share its chat history (code 2593109), or it cannot be shared. */
export const HistoryDeclined = Schema.TaggedStruct("HistoryDeclined", { ...account, error: MetaError, ...raw })
export type HistoryDeclined = typeof HistoryDeclined.Type

/** Sharing the history went on without any message. */
export const HistoryProgressed = Schema.TaggedStruct("HistoryProgressed", {
  ...account,
  chunks: Schema.Array(HistoryChunk),
  ...raw
})
export type HistoryProgressed = typeof HistoryProgressed.Type

/** What comes from a number that is used in the WhatsApp Business app too, told apart by `_tag`. */
export const CoexistenceEvent = Schema.Union([
  MessageEchoed,
  ContactSynced,
  HistoryMessageReceived,
  HistoryDeclined,
  HistoryProgressed
]).pipe(Schema.toTaggedUnion("_tag"))
export type CoexistenceEvent = typeof CoexistenceEvent.Type
