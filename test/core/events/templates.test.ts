import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { type Case, describeChanges, told } from "./changes.ts"
import { brokenAt, only } from "./delivered.ts"

const template = {
  message_template_id: 990117744,
  message_template_name: "lamp_sale",
  message_template_language: "en_US"
}
const named = { templateId: "990117744", name: "lamp_sale", language: "en_US" }
const least = { templateId: "990117744" }

const cases: ReadonlyArray<Case> = [
  {
    field: "message_template_status_update",
    tag: "TemplateStatusChanged",
    value: {
      ...template,
      event: "REJECTED",
      reason: "INVALID_FORMAT",
      message_template_category: "MARKETING",
      disable_info: { disable_date: 1786500000 },
      other_info: { title: "FIRST_PAUSE", description: "too many blocks" },
      rejection_info: { reason: "adjacent variables", recommendation: "separate them" }
    },
    event: {
      ...named,
      status: "REJECTED",
      reason: "INVALID_FORMAT",
      category: "MARKETING",
      disabledAt: "2026-08-12T02:00:00.000Z",
      pause: { title: "FIRST_PAUSE", description: "too many blocks" },
      rejection: { reason: "adjacent variables", recommendation: "separate them" }
    },
    required: ["message_template_id", "event"],
    least: { ...least, status: "REJECTED" }
  },
  {
    field: "message_template_quality_update",
    tag: "TemplateQualityChanged",
    value: { ...template, previous_quality_score: "GREEN", new_quality_score: "YELLOW" },
    event: { ...named, previous: "GREEN", current: "YELLOW" },
    required: ["message_template_id", "new_quality_score"],
    least: { ...least, current: "YELLOW" }
  },
  {
    field: "message_template_components_update",
    tag: "TemplateComponentsChanged",
    value: {
      ...template,
      message_template_element: "Hi {{1}}",
      message_template_title: "Lamps",
      message_template_footer: "Voss Lamps",
      message_template_buttons: [
        {
          message_template_button_type: "URL",
          message_template_button_text: "Open",
          message_template_button_url: "https://shop.example"
        },
        {
          message_template_button_type: "PHONE_NUMBER",
          message_template_button_text: "Call",
          message_template_button_phone_number: "15557300142"
        }
      ]
    },
    event: {
      ...named,
      body: "Hi {{1}}",
      header: "Lamps",
      footer: "Voss Lamps",
      buttons: [
        { type: "URL", text: "Open", url: "https://shop.example" },
        { type: "PHONE_NUMBER", text: "Call", phoneNumber: "15557300142" }
      ]
    },
    required: ["message_template_id"],
    least: { ...least, buttons: [] }
  },
  {
    field: "template_category_update",
    tag: "TemplateCategoryChanged",
    value: {
      ...template,
      previous_category: "AUTHENTICATION",
      new_category: "UTILITY",
      correct_category: "MARKETING",
      category_update_timestamp: 1786600000
    },
    event: {
      ...named,
      previousCategory: "AUTHENTICATION",
      newCategory: "UTILITY",
      correctCategory: "MARKETING",
      changesAt: "2026-08-13T05:46:40.000Z"
    },
    required: ["message_template_id"],
    least
  },
  {
    field: "template_correct_category_detection",
    tag: "TemplateMiscategorized",
    value: { ...template, category: "UTILITY", correct_category: "MARKETING" },
    event: { ...named, category: "UTILITY", correctCategory: "MARKETING" },
    required: ["message_template_id"],
    least
  }
]

describeChanges(cases)

describe("a template", () => {
  const status = (more: { readonly [key: string]: Schema.Json }) =>
    told("message_template_status_update", { message_template_id: 1, event: "APPROVED", ...more })
  const approved = { _tag: "TemplateStatusChanged", templateId: "1", status: "APPROVED" }

  it.each(cases)("keeps every digit of its id in $field, as a number or a string", ({ field, value }) => {
    const text = JSON.stringify(value).replace("990117744", "90071992547409931")
    const bytes = new TextEncoder().encode(`{"entry":[{"id":"1","changes":[{"field":"${field}","value":${text}}]}]}`)
    const { event } = only(bytes)
    assert("templateId" in event)
    assert.strictEqual(event.templateId, "90071992547409931")
    assert.strictEqual(told(field, { ...value, message_template_id: "990117744" }).templateId, "990117744")
  })

  it("cannot be told by an empty id", () => {
    const value = { message_template_id: "", event: "APPROVED" }
    const broken = only(Delivery.change("message_template_status_update", value))
    assert.deepStrictEqual(brokenAt(broken), [".value.message_template_id", "expected an id"])
  })

  it("has no reason where Meta says null, and the reason NONE where it says so", () => {
    assert.deepStrictEqual(status({ reason: null }), approved)
    assert.deepStrictEqual(status({ reason: "NONE" }), { ...approved, reason: "NONE" })
  })

  it("may have a status that we do not know", () => {
    assert.deepStrictEqual(status({ event: "HIBERNATED" }), { ...approved, status: "HIBERNATED" })
  })

  it("was disabled at a time in seconds, as a number or a string, but not at a date in words", () => {
    const disabled = (disable_date: string | number) => status({ disable_info: { disable_date } })
    assert.deepStrictEqual(disabled("1786500000"), disabled(1786500000))
    assert.deepStrictEqual(disabled(1786500000), { ...approved, disabledAt: "2026-08-12T02:00:00.000Z" })
    assert.deepStrictEqual(disabled("April 17, 2025"), approved)
  })

  it("may have its quality score told under the field of statuses", () => {
    const value = { ...template, previous_quality_score: "GREEN", new_quality_score: "RED" }
    const quality = { ...named, _tag: "TemplateQualityChanged", previous: "GREEN", current: "RED" }
    assert.deepStrictEqual(told("message_template_status_update", value), quality)
    assert.deepStrictEqual(told("message_template_status_update", { ...value, event: null }), quality)
    assert.strictEqual(status({ new_quality_score: "RED" })._tag, "TemplateStatusChanged")
  })

  it("keeps the buttons beside one that cannot be read", () => {
    const { buttons } = told("message_template_components_update", {
      ...template,
      message_template_buttons: [null, "x", { message_template_button_type: "OTP", message_template_button_text: [] }]
    })
    assert.deepStrictEqual(buttons, [{ type: "OTP" }])
  })

  it("is about to change its category, or has changed it", () => {
    const category = (value: { readonly [key: string]: Schema.Json }) =>
      told("template_category_update", { message_template_id: 1, ...value })
    assert.deepStrictEqual(
      category({ new_category: "UTILITY", correct_category: "MARKETING", category_update_timestamp: "1786600000" }),
      {
        _tag: "TemplateCategoryChanged",
        templateId: "1",
        newCategory: "UTILITY",
        correctCategory: "MARKETING",
        changesAt: "2026-08-13T05:46:40.000Z"
      }
    )
    assert.deepStrictEqual(category({ previous_category: "UTILITY", new_category: "MARKETING" }), {
      _tag: "TemplateCategoryChanged",
      templateId: "1",
      previousCategory: "UTILITY",
      newCategory: "MARKETING"
    })
  })
})
