/** What happens in calls. */
import * as Schema from "effect/Schema"
import { CallId } from "../domain/Ids.ts"
import { MetaError } from "../domain/MetaError.ts"
import { ReceivedMedia } from "./content.ts"
import { conversation, raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)
const instant = Schema.optionalKey(Schema.DateTimeUtcFromString)

const call = {
  callId: CallId,
  ...conversation,
  timestamp: Schema.DateTimeUtcFromString,
  /** `USER_INITIATED` or `BUSINESS_INITIATED`. */
  direction: text,
  /** What the call was started or accepted with. */
  callbackData: text,
  /** Payload of the link or of the call button by which the customer called. */
  deeplinkPayload: text,
  ctaPayload: text,
  ...raw
}

/** How the sound travels: SDP, `offer` from a customer who calls, `answer` from one who is called. */
export const CallSession = Schema.Struct({ sdpType: text, sdp: text })
export type CallSession = typeof CallSession.Type

/** A customer calls, or answers a call: within 30 to 60 seconds it must be accepted. */
export const CallConnected = Schema.TaggedStruct("CallConnected", {
  ...call,
  /** Missing for calls over SIP. */
  session: Schema.optionalKey(CallSession)
})
export type CallConnected = typeof CallConnected.Type

/** A call is over; a missed one was never picked up, and has no duration. */
export const CallEnded = Schema.TaggedStruct("CallEnded", {
  ...call,
  /** `COMPLETED` or `FAILED`. */
  status: text,
  startedAt: instant,
  endedAt: instant,
  /** In seconds. */
  duration: Schema.optionalKey(Schema.Finite),
  errors: Schema.Array(MetaError)
})
export type CallEnded = typeof CallEnded.Type

/** A call was made over SIP. */
export const CallCreated = Schema.TaggedStruct("CallCreated", call)
export type CallCreated = typeof CallCreated.Type

/** The recording of a call can be downloaded. */
export const CallRecordingAvailable = Schema.TaggedStruct("CallRecordingAvailable", { ...call, media: ReceivedMedia })
export type CallRecordingAvailable = typeof CallRecordingAvailable.Type

/** The transcript of a call, a JSON document, can be downloaded. */
export const CallTranscriptAvailable = Schema.TaggedStruct("CallTranscriptAvailable", { ...call, media: ReceivedMedia })
export type CallTranscriptAvailable = typeof CallTranscriptAvailable.Type

/** Something else happened in a call; `event` says what, all of it is in `raw`. */
export const CallUpdated = Schema.TaggedStruct("CallUpdated", { ...call, event: Schema.String })
export type CallUpdated = typeof CallUpdated.Type

/** How far a call came that the business started. */
export const CallStatusUpdate = Schema.TaggedStruct("CallStatusUpdate", {
  callId: CallId,
  ...conversation,
  timestamp: Schema.DateTimeUtcFromString,
  /** `RINGING`, `ACCEPTED`, `REJECTED`. */
  status: Schema.String,
  callbackData: text,
  errors: Schema.Array(MetaError),
  ...raw
})
export type CallStatusUpdate = typeof CallStatusUpdate.Type

/** What happens in calls, told apart by `_tag`. */
export const CallEvent = Schema.Union([
  CallConnected,
  CallEnded,
  CallCreated,
  CallRecordingAvailable,
  CallTranscriptAvailable,
  CallUpdated,
  CallStatusUpdate
]).pipe(Schema.toTaggedUnion("_tag"))
export type CallEvent = typeof CallEvent.Type
