import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { type Case, describeChanges, told } from "./changes.ts"
import { only, tagged } from "./delivered.ts"

const number = { display_phone_number: "15557300142" }
const displayed = { displayPhoneNumber: "15557300142" }

const username = {
  tag: "BusinessUsernameChanged",
  value: { ...number, username: "vosslamps", status: "approved" },
  event: { ...displayed, username: "vosslamps", status: "approved" },
  required: ["status"],
  least: { status: "approved" }
} as const

const calling = {
  status: "ENABLED",
  call_hours: { status: "ENABLED", weekly_operating_hours: [{ day_of_week: "MONDAY", open_time: "0900" }] },
  sip: { servers: [{ hostname: "sip.example", port: 5061 }] }
}

const cases: ReadonlyArray<Case> = [
  {
    field: "phone_number_name_update",
    tag: "PhoneNumberNameReviewed",
    value: {
      ...number,
      decision: "REJECTED",
      requested_verified_name: "Voss Lamps",
      rejection_reason: "NAME_NOT_CONSISTENT"
    },
    event: {
      ...displayed,
      decision: "REJECTED",
      requestedName: "Voss Lamps",
      rejectionReason: "NAME_NOT_CONSISTENT"
    },
    required: ["decision"],
    least: { decision: "REJECTED" }
  },
  {
    field: "phone_number_quality_update",
    tag: "PhoneNumberQualityChanged",
    value: {
      ...number,
      event: "THROUGHPUT_UPGRADE",
      current_limit: "TIER_UNLIMITED",
      old_limit: "TIER_100K",
      max_daily_conversations_per_business: "TIER_UNLIMITED"
    },
    event: {
      ...displayed,
      event: "THROUGHPUT_UPGRADE",
      currentLimit: "TIER_UNLIMITED",
      oldLimit: "TIER_100K",
      maxDailyConversationsPerBusiness: "TIER_UNLIMITED"
    },
    required: ["event"],
    least: { event: "THROUGHPUT_UPGRADE" }
  },
  {
    field: "security",
    tag: "PhoneNumberPinChanged",
    value: { ...number, event: "PIN_RESET_REQUEST", requester: "6150011" },
    event: { ...displayed, event: "PIN_RESET_REQUEST", requester: "6150011" },
    required: ["event"],
    least: { event: "PIN_RESET_REQUEST" }
  },
  { field: "business_username_updates", ...username },
  { field: "business_username_update", ...username },
  {
    field: "account_settings_update",
    tag: "NumberSettingsChanged",
    value: {
      messaging_product: "whatsapp",
      timestamp: 1786500200,
      type: "phone_number_settings",
      phone_number_settings: { phone_number_id: "207311904455012", calling }
    },
    event: {
      phoneNumberId: "207311904455012",
      timestamp: "2026-08-12T02:03:20.000Z",
      type: "PHONE_NUMBER_SETTINGS",
      calling
    },
    required: ["type", "phone_number_settings.phone_number_id"],
    least: { phoneNumberId: "207311904455012", type: "PHONE_NUMBER_SETTINGS" }
  }
]

describeChanges(cases)

describe("a number", () => {
  it("has no reason for a rejection where Meta says null", () => {
    const value = { decision: "APPROVED", rejection_reason: null }
    assert.deepStrictEqual(told("phone_number_name_update", value), {
      _tag: "PhoneNumberNameReviewed",
      decision: "APPROVED"
    })
  })

  const settings = (
    value: { readonly [key: string]: Schema.Json },
    more: { readonly [key: string]: Schema.Json } = {}
  ) =>
    Delivery.change("account_settings_update", {
      type: "PHONE_NUMBER_SETTINGS",
      phone_number_settings: { phone_number_id: "1", ...value },
      ...more
    })

  it("has the same kind of settings in upper and lower case", () => {
    for (const type of ["PHONE_NUMBER_SETTINGS", "phone_number_settings", "Phone_Number_Settings"]) {
      const event = tagged("NumberSettingsChanged", only(settings({}, { type })))
      assert.strictEqual(event.type, "PHONE_NUMBER_SETTINGS")
    }
  })

  it("has no calling settings where Meta says null", () => {
    assert.isFalse("calling" in tagged("NumberSettingsChanged", only(settings({ calling: null }))))
  })

  it("is told by its settings themselves, whose changes are in an order of their own", () => {
    const metadata = { phone_number_id: "2" }
    const one = only(settings({}, { metadata }))
    assert.strictEqual(tagged("NumberSettingsChanged", one).phoneNumberId, "1")
    assert.strictEqual(one.lane, only(settings({ phone_number_id: 1 })).lane)
    assert.notStrictEqual(one.lane, only(settings({ phone_number_id: "3" })).lane)
  })

  it("changed its settings when they say so, or else when Meta noticed", () => {
    const at = (timestamp: Schema.Json) => {
      const change = {
        field: "account_settings_update",
        value: { type: "x", timestamp, phone_number_settings: { phone_number_id: "1" } }
      }
      const delivery = Delivery.encode({ entry: [{ id: "1", time: 1786500600, changes: [change] }] })
      return tagged("NumberSettingsChanged", only(delivery)).timestamp?.epochMilliseconds
    }
    assert.strictEqual(at("1786500200"), 1786500200000)
    assert.strictEqual(at(null), 1786500600000)
  })
})
