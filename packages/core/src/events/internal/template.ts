/** Changes of the template fields as events. */
import type * as Schema from "effect/Schema"
import { present } from "../../internal/present.ts"
import { isJsonObject } from "../../wire/Json.ts"
import * as Wire from "../../wire/Template.ts"
import { changeOf } from "./change.ts"
import { type Decoder, readable } from "./decoder.ts"

type Named = Pick<Wire.TemplateStatus, "message_template_id" | "message_template_name" | "message_template_language">

const templateOf = (value: Named) => ({
  templateId: value.message_template_id,
  ...present({ name: value.message_template_name, language: value.message_template_language })
})

const decodeQuality = changeOf(Wire.TemplateQuality, (value, account) => ({
  _tag: "TemplateQualityChanged",
  ...account,
  ...templateOf(value),
  current: value.new_quality_score,
  ...present({ previous: value.previous_quality_score })
}))

const decodeEvent = changeOf(Wire.TemplateStatus, (value, account) => ({
  _tag: "TemplateStatusChanged",
  ...account,
  ...templateOf(value),
  status: value.event,
  ...present({
    reason: value.reason,
    category: value.message_template_category,
    disabledAt: value.disable_info?.disable_date,
    pause: value.other_info && present({ title: value.other_info.title, description: value.other_info.description }),
    rejection:
      value.rejection_info &&
      present({ reason: value.rejection_info.reason, recommendation: value.rejection_info.recommendation })
  })
}))

/** A status; an older page of Meta's shows quality scores under this field. */
const decodeStatus: Decoder = (json, around) => (isQuality(json) ? decodeQuality : decodeEvent)(json, around)

const isQuality = (json: Schema.Json | undefined): boolean =>
  isJsonObject(json) && (json.event ?? null) === null && (json.new_quality_score ?? null) !== null

const decodeComponents = changeOf(Wire.TemplateComponents, (value, account) => ({
  _tag: "TemplateComponentsChanged",
  ...account,
  ...templateOf(value),
  buttons: readable(value.message_template_buttons).map((button) =>
    present({
      type: button.message_template_button_type,
      text: button.message_template_button_text,
      url: button.message_template_button_url,
      phoneNumber: button.message_template_button_phone_number
    })
  ),
  ...present({
    body: value.message_template_element,
    header: value.message_template_title,
    footer: value.message_template_footer
  })
}))

const decodeCategory = changeOf(Wire.TemplateCategory, (value, account) => ({
  _tag: "TemplateCategoryChanged",
  ...account,
  ...templateOf(value),
  ...present({
    previousCategory: value.previous_category,
    newCategory: value.new_category,
    correctCategory: value.correct_category,
    changesAt: value.category_update_timestamp
  })
}))

const decodeMiscategory = changeOf(Wire.TemplateMiscategory, (value, account) => ({
  _tag: "TemplateMiscategorized",
  ...account,
  ...templateOf(value),
  ...present({ category: value.category, correctCategory: value.correct_category })
}))

/** By field. */
export const templateDecoders = {
  message_template_status_update: decodeStatus,
  message_template_quality_update: decodeQuality,
  message_template_components_update: decodeComponents,
  template_category_update: decodeCategory,
  template_correct_category_detection: decodeMiscategory
}
