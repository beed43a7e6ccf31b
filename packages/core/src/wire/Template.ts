/** The values of the fields about templates, which are changes without a list. */
import * as Schema from "effect/Schema"
import { TemplateId } from "../domain/Ids.ts"
import { lenient, lenientArray, ownId, Text, UnixSeconds } from "./scalars.ts"

const template = {
  message_template_id: ownId(TemplateId),
  message_template_name: lenient(Text),
  message_template_language: lenient(Text)
}

/** Of `message_template_status_update`. */
export const TemplateStatus = Schema.Struct({
  ...template,
  event: Text,
  reason: lenient(Text),
  message_template_category: lenient(Text),
  disable_info: lenient(Schema.Struct({ disable_date: lenient(UnixSeconds) })),
  other_info: lenient(Schema.Struct({ title: lenient(Text), description: lenient(Text) })),
  rejection_info: lenient(Schema.Struct({ reason: lenient(Text), recommendation: lenient(Text) }))
})
export type TemplateStatus = typeof TemplateStatus.Type

/** Of `message_template_quality_update`; an older page of Meta's shows it under `message_template_status_update`. */
export const TemplateQuality = Schema.Struct({
  ...template,
  previous_quality_score: lenient(Text),
  new_quality_score: Text
})
export type TemplateQuality = typeof TemplateQuality.Type

const Button = Schema.Struct({
  message_template_button_type: lenient(Text),
  message_template_button_text: lenient(Text),
  message_template_button_url: lenient(Text),
  message_template_button_phone_number: lenient(Text)
})

/** Of `message_template_components_update`. */
export const TemplateComponents = Schema.Struct({
  ...template,
  /** The text of the body. */
  message_template_element: lenient(Text),
  /** The text of the header. */
  message_template_title: lenient(Text),
  message_template_footer: lenient(Text),
  message_template_buttons: lenient(lenientArray(Button))
})
export type TemplateComponents = typeof TemplateComponents.Type

/** Of `template_category_update`. */
export const TemplateCategory = Schema.Struct({
  ...template,
  previous_category: lenient(Text),
  new_category: lenient(Text),
  correct_category: lenient(Text),
  category_update_timestamp: lenient(UnixSeconds)
})
export type TemplateCategory = typeof TemplateCategory.Type

/** Of `template_correct_category_detection`. */
export const TemplateMiscategory = Schema.Struct({
  ...template,
  category: lenient(Text),
  correct_category: lenient(Text)
})
export type TemplateMiscategory = typeof TemplateMiscategory.Type
