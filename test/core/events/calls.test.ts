import { assert, describe, it } from "@effect/vitest"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { brokenAt, digest, json, only, tagged } from "./delivered.ts"

const metadata = { display_phone_number: "15557300142", phone_number_id: "207311904455012" }
const value = (lists: { readonly [list: string]: Schema.Json }) =>
  Delivery.change("calls", { messaging_product: "whatsapp", metadata, ...lists })
const call = (item: Schema.Json, beside: { readonly [list: string]: Schema.Json } = {}) =>
  only(value({ calls: [item], ...beside }))

const incoming = {
  id: "wacid.1",
  event: "connect",
  direction: "USER_INITIATED",
  from: "16505550177",
  from_user_id: "US.1",
  from_parent_user_id: "US.ENT.1",
  to: "15557300142",
  timestamp: "1786500070",
  session: { sdp_type: "offer", sdp: "v=0" },
  biz_opaque_callback_data: "cb",
  deeplink_payload: "d",
  cta_payload: "c"
}
const user = { waId: "16505550177", userId: "US.1", parentUserId: "US.ENT.1", profileName: "Ida" }
const common = {
  callId: "wacid.1",
  phoneNumberId: "207311904455012",
  businessAccountId: Delivery.defaults.businessAccountId,
  conversationId: "207311904455012/US.1",
  user,
  timestamp: "2026-08-12T02:01:10.000Z",
  direction: "USER_INITIATED",
  callbackData: "cb",
  deeplinkPayload: "d",
  ctaPayload: "c"
}
const contacts = [{ profile: { name: "Ida" }, user_id: "US.1" }]

describe("a call", () => {
  it("that comes in has its session, and belongs to the conversation of the customer", () => {
    const it = call(incoming, { contacts })
    assert.deepStrictEqual(json(it.event), {
      _tag: "CallConnected",
      ...common,
      session: { sdpType: "offer", sdp: "v=0" }
    })
    assert.strictEqual(it.lane, common.conversationId)
    assert.deepStrictEqual(tagged("CallConnected", it).raw, incoming)
    const { session: _, ...sip } = incoming
    assert.isUndefined(tagged("CallConnected", call(sip)).session)
    const legacy = { ...sip, connection: { webrtc: { sdp: "v=1" } } }
    assert.deepStrictEqual(tagged("CallConnected", call(legacy)).session, { sdp: "v=1" })
  })

  it("that is over has how long it took, and why it failed", () => {
    const ended = {
      event: "terminate",
      status: "Completed",
      start_time: "1786500080",
      end_time: 1786500189,
      duration: 109
    }
    const event = tagged("CallEnded", call({ ...incoming, ...ended }, { contacts, errors: [{ code: 138000 }] }))
    assert.deepStrictEqual(json(event), {
      _tag: "CallEnded",
      ...common,
      status: "COMPLETED",
      startedAt: "2026-08-12T02:01:20.000Z",
      endedAt: "2026-08-12T02:03:09.000Z",
      duration: 109,
      errors: [{ code: 138000 }]
    })
    const missed = tagged("CallEnded", call({ id: "wacid.1", event: "terminate", timestamp: 1786500070 }))
    assert.deepStrictEqual([missed.duration, missed.errors, missed.user], [undefined, [], {}])
  })

  it("has no errors of another call", () => {
    const bytes = value({
      calls: [
        { ...incoming, event: "terminate" },
        { ...incoming, id: "wacid.2", event: "terminate", errors: [{ code: 1 }] }
      ],
      errors: [{ code: 138000 }]
    })
    const errors = fromDelivery(digest, bytes).map(({ event }) => (event._tag === "CallEnded" ? event.errors : event))
    assert.deepStrictEqual(errors, [[], [{ code: 1 }]])
  })

  it("that goes out is with the person who is called", () => {
    const outgoing = { id: "wacid.2", event: "terminate", timestamp: "1", from: "15557300142", to: "16505550177" }
    for (const item of [
      outgoing,
      { ...outgoing, direction: "BUSINESS_INITIATED" },
      { ...outgoing, from: "+1 555 730 0142" }
    ]) {
      assert.deepStrictEqual(json(tagged("CallEnded", call(item)))["user"], { waId: "16505550177" })
    }
    const hidden = { ...outgoing, to: null, to_user_id: "US.1", to_parent_user_id: "US.ENT.1" }
    assert.deepStrictEqual(json(tagged("CallEnded", call(hidden)))["user"], {
      userId: "US.1",
      parentUserId: "US.ENT.1"
    })
  })

  it("has a recording and a transcript to download", () => {
    const file = { id: 99, mime_type: "audio/ogg", sha256: "x", url: "https://lookaside.example" }
    const media = { id: "99", mimeType: "audio/ogg", sha256: "x", url: "https://lookaside.example" }
    const recorded = { ...incoming, event: "call_recording_available", call_recording: { type: "audio", audio: file } }
    assert.deepStrictEqual(json(tagged("CallRecordingAvailable", call(recorded)))["media"], media)
    const written = { ...incoming, event: "call_transcription_available", call_transcript: { document: file } }
    assert.deepStrictEqual(json(tagged("CallTranscriptAvailable", call(written)))["media"], media)
    const broken = call({ ...recorded, call_recording: {} })
    assert.deepStrictEqual(brokenAt(broken, "calls[0]"), [".call_recording.audio", "missing"])
  })

  it("may be made over SIP, or report what nobody knows yet", () => {
    tagged("CallCreated", call({ ...incoming, event: "call_created" }))
    assert.strictEqual(tagged("CallUpdated", call({ ...incoming, event: "later" })).event, "later")
  })

  it("is known by its id and event, in any delivery", () => {
    const { key } = call(incoming)
    assert.strictEqual(key, "calls/207311904455012/call/wacid.1/connect")
    assert.strictEqual(call({ ...incoming, timestamp: "9", cta_payload: "x" }).key, key)
    assert.notStrictEqual(call({ ...incoming, event: "terminate" }).key, key)
    const later = { ...incoming, event: "later" }
    assert.strictEqual(call(later).key, call({ ...later, cta_payload: "x" }).key)
    assert.notStrictEqual(call(later).key, call({ ...later, timestamp: "9" }).key)
  })

  it.each([
    [{ ...incoming, id: "" }, ".id"],
    [{ ...incoming, event: null }, ".event"],
    [{ ...incoming, timestamp: "soon" }, ".timestamp"],
    [7, ""]
  ] as const)("is Undecodable without what makes it one: %j", (item, path) => {
    assert.strictEqual(tagged("Undecodable", call(item)).path, `entry[0].changes[0].value.calls[0]${path}`)
  })
})

describe("the status of a call", () => {
  const status = {
    id: "wacid.2",
    type: "call",
    status: "ringing",
    timestamp: "1786500070",
    recipient_id: "16505550177"
  }

  it("says how far a call came that the business started", () => {
    const item = {
      ...status,
      recipient_user_id: "US.1",
      recipient_parent_user_id: "US.ENT.1",
      biz_opaque_callback_data: "cb"
    }
    for (const bytes of [value({ statuses: [item], contacts }), Delivery.messages({ statuses: [item], contacts })]) {
      const it = only(bytes)
      assert.deepStrictEqual(json(it.event), {
        _tag: "CallStatusUpdate",
        callId: "wacid.2",
        phoneNumberId: "207311904455012",
        businessAccountId: Delivery.defaults.businessAccountId,
        conversationId: "207311904455012/US.1",
        user,
        timestamp: "2026-08-12T02:01:10.000Z",
        status: "RINGING",
        callbackData: "cb",
        errors: []
      })
      assert.deepStrictEqual(tagged("CallStatusUpdate", it).raw, item)
      assert.strictEqual(it.key.split("207311904455012/")[1], "call/wacid.2/ringing")
    }
  })

  it("needs no type in the field calls", () => {
    const { type: _, ...item } = status
    assert.deepStrictEqual(json(tagged("CallStatusUpdate", only(value({ statuses: [item] }))))["user"], {
      waId: "16505550177"
    })
  })
})
