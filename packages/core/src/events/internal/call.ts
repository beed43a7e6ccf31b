/** An item of the field `calls` as an event. */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as ConversationId from "../../domain/ConversationId.ts"
import { digits } from "../../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { present } from "../../internal/present.ts"
import * as Wire from "../../wire/Call.ts"
import { MetaErrors } from "../../wire/MetaError.ts"
import type { CallUpdated } from "../calls.ts"
import { itemKey } from "../itemKeys.ts"
import type { WhatsAppEvent } from "../WhatsAppEvent.ts"
import { personOf } from "./contacts.ts"
import { mediaOf } from "./content.ts"
import { decode, type Decoder, numberOf, type Surroundings } from "./decoder.ts"
import { errorsOf } from "./errors.ts"
import { businessPhoneOf } from "./named.ts"

const decodeWire = decode(Wire.Call)
const decodeRecording = decode(Wire.Recording)
const decodeTranscript = decode(Wire.Transcript)
const decodeStatus = decode(Wire.CallStatus)
const decodeErrors = decode(MetaErrors)

type Common = Omit<CallUpdated, "_tag" | "event">

export const decodeCall: Decoder = (json, around) =>
  Result.gen(function* () {
    const call = yield* decodeWire(json)
    const phoneNumberId = yield* numberOf(around, "call")
    const user = otherSideOf(call, around)
    const common: Common = {
      callId: call.id,
      phoneNumberId,
      conversationId: ConversationId.of(phoneNumberId, user, undefined, call.id),
      user,
      timestamp: call.timestamp,
      raw: around.raw,
      ...present({
        businessAccountId: around.businessAccountId,
        direction: call.direction?.toUpperCase(),
        callbackData: call.biz_opaque_callback_data,
        deeplinkPayload: call.deeplink_payload,
        ctaPayload: call.cta_payload
      })
    }
    const event = yield* eventOf(call, json, common, around)
    // What is not modelled may happen more than once in a call.
    const when = event._tag === "CallUpdated" ? [String(DateTime.toEpochMillis(call.timestamp))] : []
    return { event, key: itemKey("call", call.id, call.event, ...when), person: { user, otherwise: call.id } }
  })

const eventOf = (
  call: Wire.Call,
  json: unknown,
  common: Common,
  around: Surroundings
): Result.Result<WhatsAppEvent, SchemaIssue.Issue> => {
  switch (call.event) {
    case "connect": {
      const session = call.session ?? call.connection?.webrtc
      return Result.succeed({
        _tag: "CallConnected",
        ...common,
        ...present({ session: session && present({ sdpType: session.sdp_type, sdp: session.sdp }) })
      })
    }
    case "terminate": {
      // Errors stand beside the calls; which call they are about is certain only when there is one.
      const { calls, errors } = around.value
      const isOnly = Array.isArray(calls) && calls.length === 1
      const beside = Result.getOrElse(decodeErrors(isOnly ? (errors ?? []) : []), () => [])
      return Result.succeed({
        _tag: "CallEnded",
        ...common,
        ...present({
          status: call.status?.toUpperCase(),
          startedAt: call.start_time,
          endedAt: call.end_time,
          duration: call.duration
        }),
        errors: errorsOf([...(call.errors ?? []), ...beside])
      })
    }
    case "call_created":
      return Result.succeed({ _tag: "CallCreated", ...common })
    case "call_recording_available":
      return Result.map(decodeRecording(json), ({ call_recording }) => ({
        _tag: "CallRecordingAvailable",
        ...common,
        media: mediaOf(call_recording.audio)
      }))
    case "call_transcription_available":
      return Result.map(decodeTranscript(json), ({ call_transcript }) => ({
        _tag: "CallTranscriptAvailable",
        ...common,
        media: mediaOf(call_transcript.document)
      }))
    default:
      return Result.succeed({ _tag: "CallUpdated", ...common, event: call.event })
  }
}

/** The customer: who was called by the business, or who called it. */
const otherSideOf = (call: Wire.Call, { contacts, value }: Surroundings): WhatsAppUser => {
  const direction = call.direction?.toUpperCase()
  const business = digits(businessPhoneOf(value) ?? "")
  const isOurs = business !== "" && digits(call.from ?? "") === business
  const isOutgoing = direction === "BUSINESS_INITIATED" || (direction !== "USER_INITIATED" && isOurs)
  return personOf(
    isOutgoing
      ? present({ waId: call.to, userId: call.to_user_id, parentUserId: call.to_parent_user_id })
      : present({ waId: call.from, userId: call.from_user_id, parentUserId: call.from_parent_user_id }),
    contacts
  )
}

export const decodeCallStatus: Decoder = (json, around) =>
  Result.gen(function* () {
    const status = yield* decodeStatus(json)
    const phoneNumberId = yield* numberOf(around, "status")
    const user = personOf(
      present({
        waId: status.recipient_id,
        userId: status.recipient_user_id,
        parentUserId: status.recipient_parent_user_id
      }),
      around.contacts
    )
    return {
      event: {
        _tag: "CallStatusUpdate" as const,
        callId: status.id,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, user, undefined, status.id),
        user,
        timestamp: status.timestamp,
        status: status.status.toUpperCase(),
        errors: errorsOf(status.errors),
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          callbackData: status.biz_opaque_callback_data
        })
      },
      key: itemKey("call", status.id, status.status.toLowerCase()),
      person: { user, otherwise: status.id }
    }
  })
