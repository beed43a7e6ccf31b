/** Items of the field `calls`: what happened in a call, and how far a call came that the business started. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, CallId } from "../domain/Ids.ts"
import { MetaErrors } from "./MetaError.ts"
import { Media } from "./Media.ts"
import { id, lenient, Number, optional, ownId, Phone, Text, UnixSeconds } from "./scalars.ts"

/** `sdp_type` is `offer` when the customer calls, and `answer` when the business does. */
const Session = Schema.Struct({ sdp_type: lenient(Text), sdp: lenient(Text) })

export const Call = Schema.Struct({
  id: ownId(CallId),
  event: Text,
  timestamp: UnixSeconds,
  direction: lenient(Text),
  from: optional(Phone),
  from_user_id: optional(id(BusinessScopedUserId)),
  from_parent_user_id: optional(id(BusinessScopedUserId)),
  to: optional(Phone),
  to_user_id: optional(id(BusinessScopedUserId)),
  to_parent_user_id: optional(id(BusinessScopedUserId)),
  biz_opaque_callback_data: lenient(Text),
  deeplink_payload: lenient(Text),
  cta_payload: lenient(Text),
  session: lenient(Session),
  /** Where an older sample has the session. */
  connection: lenient(Schema.Struct({ webrtc: lenient(Session) })),
  status: lenient(Text),
  start_time: lenient(UnixSeconds),
  end_time: lenient(UnixSeconds),
  duration: lenient(Number),
  errors: lenient(MetaErrors)
})
export type Call = typeof Call.Type

/** With the event `call_recording_available`. */
export const Recording = Schema.Struct({ call_recording: Schema.Struct({ type: lenient(Text), audio: Media }) })

/** With the event `call_transcription_available`. */
export const Transcript = Schema.Struct({ call_transcript: Schema.Struct({ document: Media }) })

export const CallStatus = Schema.Struct({
  id: ownId(CallId),
  status: Text,
  timestamp: UnixSeconds,
  recipient_id: optional(Phone),
  recipient_user_id: optional(id(BusinessScopedUserId)),
  recipient_parent_user_id: optional(id(BusinessScopedUserId)),
  biz_opaque_callback_data: lenient(Text),
  errors: lenient(MetaErrors)
})
