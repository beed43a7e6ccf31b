import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { type Case, describeChanges, told } from "./changes.ts"
import { brokenAt, only } from "./delivered.ts"

const cases: ReadonlyArray<Case> = [
  {
    field: "account_alerts",
    tag: "AccountAlerted",
    value: {
      entity_type: "PHONE_NUMBER",
      entity_id: "207311904455012",
      alert_info: {
        alert_severity: "INFORMATIONAL",
        alert_status: "NONE",
        alert_type: "OBA_APPROVED",
        alert_description: "badge granted"
      }
    },
    event: {
      entityType: "PHONE_NUMBER",
      entityId: "207311904455012",
      alertType: "OBA_APPROVED",
      severity: "INFORMATIONAL",
      status: "NONE",
      description: "badge granted"
    },
    required: ["alert_info.alert_type"],
    least: { alertType: "OBA_APPROVED" }
  },
  {
    field: "account_review_update",
    tag: "AccountReviewed",
    value: { decision: "APPROVED" },
    event: { decision: "APPROVED" },
    required: ["decision"],
    least: { decision: "APPROVED" }
  },
  {
    field: "account_update",
    tag: "AccountUpdated",
    value: {
      event: "PARTNER_REMOVED",
      phone_number: "15557300142",
      country: "DE",
      waba_info: {
        waba_id: "330011220044556",
        owner_business_id: "660011",
        ad_account_linked: "770022",
        partner_app_id: "880033",
        solution_id: "990044",
        solution_partner_business_ids: ["110055", "110066"]
      },
      violation_info: { violation_type: "ADULT", remediation: "remove it" },
      restriction_info: [
        {
          restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING",
          expiration: 1787000000,
          remediation: "wait"
        }
      ],
      ban_info: { waba_ban_state: "SCHEDULE_FOR_DISABLE", waba_ban_date: "April 17, 2025" },
      auth_international_rate_eligibility: {
        start_time: 1787000000,
        exception_countries: [{ country_code: "IN", start_time: 1787100000 }]
      },
      volume_tier_info: {
        tier_update_time: 1787000000,
        pricing_category: "UTILITY",
        tier: "25000000:50000000",
        effective_month: "2026-03",
        region: "India"
      },
      disconnection_info: { reason: "PRIMARY_INACTIVITY", initiated_by: "SYSTEM" },
      partner_client_certification_info: {
        client_business_id: "660077",
        status: "FAILED",
        rejection_reasons: ["LEGAL NAME MISMATCH", "WEBSITE_NOT_FOUND"]
      },
      partner_client_certification_needed_info: { client_business_id: "660088" }
    },
    event: {
      event: "PARTNER_REMOVED",
      phoneNumber: "15557300142",
      country: "DE",
      waba: {
        wabaId: "330011220044556",
        ownerBusinessId: "660011",
        adAccountId: "770022",
        partnerAppId: "880033",
        solutionId: "990044",
        solutionPartnerBusinessIds: ["110055", "110066"]
      },
      violation: { type: "ADULT", remediation: "remove it" },
      restrictions: [
        {
          type: "RESTRICTED_BIZ_INITIATED_MESSAGING",
          expiresAt: "2026-08-17T20:53:20.000Z",
          remediation: "wait"
        }
      ],
      ban: { state: "SCHEDULE_FOR_DISABLE", date: "April 17, 2025" },
      internationalRates: {
        startTime: "2026-08-17T20:53:20.000Z",
        exceptionCountries: [{ countryCode: "IN", startTime: "2026-08-19T00:40:00.000Z" }]
      },
      volumeTier: {
        updatedAt: "2026-08-17T20:53:20.000Z",
        pricingCategory: "UTILITY",
        tier: "25000000:50000000",
        effectiveMonth: "2026-03",
        region: "India"
      },
      disconnection: { reason: "PRIMARY_INACTIVITY", initiatedBy: "SYSTEM" },
      certification: {
        clientBusinessId: "660077",
        status: "FAILED",
        rejectionReasons: ["LEGAL NAME MISMATCH", "WEBSITE_NOT_FOUND"]
      },
      certificationNeeded: { clientBusinessId: "660088" }
    },
    required: ["event"],
    essential: "waba_info.waba_id",
    least: { event: "PARTNER_REMOVED", restrictions: [] }
  },
  {
    field: "business_capability_update",
    tag: "BusinessCapabilityChanged",
    value: {
      max_daily_conversations_per_business: "TIER_10K",
      max_daily_conversation_per_phone: -1,
      max_phone_numbers_per_business: 20,
      max_phone_numbers_per_waba: 25
    },
    event: {
      maxDailyConversationsPerBusiness: "TIER_10K",
      maxDailyConversationsPerPhone: -1,
      maxPhoneNumbersPerBusiness: 20,
      maxPhoneNumbersPerWaba: 25
    },
    required: [],
    least: {}
  }
]

describeChanges(cases)

describe("an account", () => {
  it("is alerted without a level around the alert, too", () => {
    const flat = {
      entity_type: "BUSINESS",
      entity_id: 660011,
      alert_severity: "CRITICAL",
      alert_status: "ACTIVE",
      alert_type: "OBA_REJECTED",
      alert_description: "no badge"
    }
    const event = {
      _tag: "AccountAlerted",
      entityType: "BUSINESS",
      entityId: "660011",
      alertType: "OBA_REJECTED",
      severity: "CRITICAL",
      status: "ACTIVE",
      description: "no badge"
    }
    assert.deepStrictEqual(told("account_alerts", flat), event)
    assert.deepStrictEqual(told("account_alerts", { ...flat, alert_info: null }), event)
    assert.deepStrictEqual(told("account_alerts", { ...flat, alert_info: { alert_type: "inner" } }).alertType, "inner")
  })

  it("cannot be alerted about nothing", () => {
    const broken = only(Delivery.change("account_alerts", { entity_id: "1" }))
    assert.deepStrictEqual(brokenAt(broken), [".value.alert_info", "missing"])
  })

  const updated = (value: { readonly [key: string]: Schema.Json }) => told("account_update", { event: "E", ...value })

  it("is restricted until a time that is a number or a string, by restrictions that stand alone", () => {
    const { restrictions } = updated({
      restriction_info: [
        { restriction_type: "A", expiration: "1787000000" },
        null,
        "x",
        { restriction_type: "B", expiration: "soon" }
      ]
    })
    assert.deepStrictEqual(restrictions, [{ type: "A", expiresAt: "2026-08-17T20:53:20.000Z" }, { type: "B" }])
  })

  it("may have its ad account under either name", () => {
    const waba = (ad: { readonly [key: string]: string }) => updated({ waba_info: { waba_id: 1, ...ad } }).waba
    const event = { wabaId: "1", adAccountId: "2", solutionPartnerBusinessIds: [] }
    assert.deepStrictEqual(waba({ ad_account_id: "2" }), event)
    assert.deepStrictEqual(waba({ ad_account_linked: "2" }), event)
    assert.deepStrictEqual(waba({ ad_account_id: "", ad_account_linked: "2" }), event)
  })

  it("of a partner's event is told only when it has an id", () => {
    assert.deepStrictEqual(updated({ waba_info: { owner_business_id: "1" } }), {
      _tag: "AccountUpdated",
      event: "E",
      restrictions: []
    })
  })

  it("keeps the elements beside those that cannot be read", () => {
    const event = updated({
      auth_international_rate_eligibility: { exception_countries: [[], { country_code: "IN", start_time: {} }] },
      partner_client_certification_info: { rejection_reasons: [null, "A"] },
      waba_info: { waba_id: "1", solution_partner_business_ids: [{}, 2] }
    })
    assert.deepStrictEqual(event, {
      _tag: "AccountUpdated",
      event: "E",
      restrictions: [],
      internationalRates: { exceptionCountries: [{ countryCode: "IN" }] },
      certification: { rejectionReasons: ["A"] },
      waba: { wabaId: "1", solutionPartnerBusinessIds: ["2"] }
    })
  })

  it("keeps what stands beside a list that is none", () => {
    const event = updated({
      auth_international_rate_eligibility: { start_time: 1787000000, exception_countries: "IN" },
      partner_client_certification_info: { status: "FAILED", rejection_reasons: "A" },
      waba_info: { waba_id: "1", solution_partner_business_ids: "2" }
    })
    assert.deepStrictEqual(event, {
      _tag: "AccountUpdated",
      event: "E",
      restrictions: [],
      internationalRates: { startTime: "2026-08-17T20:53:20.000Z", exceptionCountries: [] },
      certification: { status: "FAILED", rejectionReasons: [] },
      waba: { wabaId: "1", solutionPartnerBusinessIds: [] }
    })
  })

  it("has a daily limit that is a tier or a number, and other limits that may be written as strings", () => {
    const capability = (value: { readonly [key: string]: Schema.Json }) => told("business_capability_update", value)
    assert.strictEqual(
      capability({ max_daily_conversations_per_business: 2000 }).maxDailyConversationsPerBusiness,
      "2000"
    )
    assert.strictEqual(capability({ max_phone_numbers_per_waba: "25" }).maxPhoneNumbersPerWaba, 25)
  })
})
