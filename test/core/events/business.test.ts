import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { type Case, describeChanges, told } from "./changes.ts"
import { brokenAt, only, tagged } from "./delivered.ts"

const metadata = { display_phone_number: "15557300142", phone_number_id: "207311904455012" }

const cases: ReadonlyArray<Case> = [
  {
    field: "flows",
    tag: "FlowUpdated",
    value: {
      event: "ENDPOINT_ERROR_RATE",
      flow_id: "44110022",
      message: "errors up",
      old_status: "PUBLISHED",
      new_status: "THROTTLED",
      alert_state: "ACTIVATED",
      threshold: 10,
      error_rate: 14.3,
      p50_latency: 120,
      p90_latency: 900.5,
      availability: 97.5,
      requests_count: 0,
      errors: [{ error_type: "TIMEOUT", error_rate: 66.7, error_count: 20 }]
    },
    event: {
      event: "ENDPOINT_ERROR_RATE",
      flowId: "44110022",
      message: "errors up",
      oldStatus: "PUBLISHED",
      newStatus: "THROTTLED",
      alertState: "ACTIVATED",
      threshold: 10,
      errorRate: 14.3,
      p50Latency: 120,
      p90Latency: 900.5,
      availability: 97.5,
      requestsCount: 0,
      errors: [{ type: "TIMEOUT", rate: 66.7, count: 20 }]
    },
    required: ["event", "flow_id"],
    least: { event: "ENDPOINT_ERROR_RATE", flowId: "44110022", errors: [] }
  },
  {
    field: "automatic_events",
    tag: "AutomaticEventsDetected",
    value: {
      automatic_events: [
        {
          id: "wamid.1",
          event_name: "Purchase",
          timestamp: 1786500700,
          ctwa_clid: "Afx",
          custom_data: { currency: "EUR", value: 24950 }
        }
      ]
    },
    event: {
      events: [
        {
          wamid: "wamid.1",
          name: "Purchase",
          timestamp: "2026-08-12T02:11:40.000Z",
          clickId: "Afx",
          currency: "EUR",
          value: 24950
        }
      ]
    },
    required: ["automatic_events.0.id", "automatic_events.0.event_name"],
    least: { events: [{ wamid: "wamid.1", name: "Purchase" }] }
  },
  {
    field: "payment_configuration_update",
    tag: "PaymentConfigurationChanged",
    value: {
      configuration_name: "shop-main",
      provider_name: "razorpay",
      provider_mid: "acc_1",
      status: "Needs Testing",
      created_timestamp: 1786000000,
      updated_timestamp: 1786000500
    },
    event: {
      name: "shop-main",
      provider: "razorpay",
      providerMid: "acc_1",
      status: "Needs Testing",
      createdAt: "2026-08-06T07:06:40.000Z",
      updatedAt: "2026-08-06T07:15:00.000Z"
    },
    required: ["configuration_name", "status"],
    least: { name: "shop-main", status: "Needs Testing" }
  },
  {
    field: "partner_solutions",
    tag: "PartnerSolutionChanged",
    value: { event: "SOLUTION_CREATED", solution_id: "5500667788", solution_status: "INITIATED" },
    event: { event: "SOLUTION_CREATED", solutionId: "5500667788", status: "INITIATED" },
    required: ["event", "solution_id"],
    least: { event: "SOLUTION_CREATED", solutionId: "5500667788" }
  }
]

describeChanges(cases)

describe("a flow", () => {
  it("has an id and rates that are numbers or strings, and errors that stand alone", () => {
    const event = told("flows", {
      event: "CLIENT_ERROR_RATE",
      flow_id: 44110022,
      error_rate: "14.3",
      threshold: "high",
      errors: [null, { error_type: "A", error_rate: "1.5", error_count: "many" }]
    })
    assert.deepStrictEqual(event, {
      _tag: "FlowUpdated",
      event: "CLIENT_ERROR_RATE",
      flowId: "44110022",
      errorRate: 14.3,
      errors: [{ type: "A", rate: 1.5 }]
    })
  })
})

describe("automatic events", () => {
  const detected = (automatic_events: Schema.Json) =>
    only(Delivery.change("automatic_events", { metadata, automatic_events }))
  const event = { id: "wamid.1", event_name: "LeadSubmitted" }

  it("tell the number of the conversation, and all that was noticed, in Meta's order", () => {
    const { events, phoneNumberId } = tagged("AutomaticEventsDetected", detected([event, { ...event, id: "wamid.2" }]))
    assert.strictEqual(phoneNumberId, metadata.phone_number_id)
    assert.deepStrictEqual(
      events.map(({ wamid }) => wamid),
      ["wamid.1", "wamid.2"]
    )
  })

  it("may tell the price as a string", () => {
    const incoming = detected([{ ...event, custom_data: { currency: "EUR", value: "24950" } }])
    assert.strictEqual(tagged("AutomaticEventsDetected", incoming).events[0]?.value, 24950)
  })

  it("are Undecodable when one of them or their list cannot be read, which is named", () => {
    const path = ".value.automatic_events"
    for (const [list, broken, reason] of [
      [[event, null], `${path}[1]`, "expected object"],
      [[event, { ...event, id: "" }], `${path}[1].id`, "expected an id"],
      [null, path, "expected array"]
    ] as const) {
      assert.deepStrictEqual(brokenAt(detected(list)), [broken, reason])
    }
    const missing = only(Delivery.change("automatic_events", { metadata }))
    assert.deepStrictEqual(brokenAt(missing), [path, "missing"])
  })
})

describe("a field whose values nobody documents", () => {
  it.each([
    "consumer_profile",
    "tracking_events",
    "business_status_update",
    "campaign_status_update",
    "template_performance_metrics",
    "message_echoes"
  ])("is an UnknownFieldReceived: %s", (field) => {
    const value = { event: "x", id: "1" }
    const event = tagged("UnknownFieldReceived", only(Delivery.change(field, value)))
    assert.strictEqual(event.field, field)
    assert.deepStrictEqual(event.raw, { field, value })
  })
})
