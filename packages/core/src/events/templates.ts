/** What happens to message templates. */
import * as Schema from "effect/Schema"
import { TemplateId } from "../domain/Ids.ts"
import { account, raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)
const instant = Schema.optionalKey(Schema.DateTimeUtcFromString)

const template = {
  ...account,
  templateId: TemplateId,
  name: text,
  /** As in `en_US` or `en-US`: Meta writes both. */
  language: text,
  ...raw
}

/** A template was approved, rejected, paused, disabled or deleted. */
export const TemplateStatusChanged = Schema.TaggedStruct("TemplateStatusChanged", {
  ...template,
  /**
   * `APPROVED`, `ARCHIVED`, `UNARCHIVED`, `DELETED`, `DISABLED`, `FLAGGED`, `IN_APPEAL`, `LIMIT_EXCEEDED`, `LOCKED`,
   * `PAUSED`, `PENDING`, `REINSTATED`, `PENDING_DELETION` or `REJECTED`, and what Meta adds.
   */
  status: Schema.String,
  /**
   * `ABUSIVE_CONTENT`, `CATEGORY_NOT_AVAILABLE`, `INCORRECT_CATEGORY`, `INVALID_FORMAT`, `PROMOTIONAL`, `SCAM`,
   * `TAG_CONTENT_MISMATCH`, or `NONE`.
   */
  reason: text,
  /** `MARKETING`, `UTILITY` or `AUTHENTICATION`. */
  category: text,
  /** When a disabled template was disabled. */
  disabledAt: instant,
  /**
   * Why a template is paused or no longer is: the title is `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE`,
   * `UNPAUSE` or `DISABLED`.
   */
  pause: Schema.optionalKey(Schema.Struct({ title: text, description: text })),
  /** What was wrong with a rejected template and what would help, in words. */
  rejection: Schema.optionalKey(Schema.Struct({ reason: text, recommendation: text }))
})
export type TemplateStatusChanged = typeof TemplateStatusChanged.Type

/** A template has a new quality score, which comes from how customers took its messages. */
export const TemplateQualityChanged = Schema.TaggedStruct("TemplateQualityChanged", {
  ...template,
  /** `GREEN`, `YELLOW`, `RED` or `UNKNOWN`. */
  previous: text,
  /** `GREEN`, `YELLOW`, `RED` or `UNKNOWN`. */
  current: Schema.String
})
export type TemplateQualityChanged = typeof TemplateQualityChanged.Type

/** A button of a template. */
export const TemplateButton = Schema.Struct({
  /**
   * `CATALOG`, `COPY_CODE`, `EXTENSION`, `FLOW`, `MPM`, `ORDER_DETAILS`, `OTP`, `PHONE_NUMBER`, `POSTBACK`, `REMINDER`,
   * `SEND_LOCATION`, `SPM`, `QUICK_REPLY`, `URL` or `VOICE_CALL`, and what Meta adds.
   */
  type: text,
  text,
  url: text,
  phoneNumber: text
})
export type TemplateButton = typeof TemplateButton.Type

/** A template was edited; the event says what it consists of now. */
export const TemplateComponentsChanged = Schema.TaggedStruct("TemplateComponentsChanged", {
  ...template,
  body: text,
  header: text,
  footer: text,
  buttons: Schema.Array(TemplateButton)
})
export type TemplateComponentsChanged = typeof TemplateComponentsChanged.Type

/**
 * Meta put a template into another category, or will within 24 hours. When it did, `previousCategory` and `newCategory`
 * tell from where to where; when it will, `newCategory` is the category that the template still has and
 * `correctCategory` the one to come.
 */
export const TemplateCategoryChanged = Schema.TaggedStruct("TemplateCategoryChanged", {
  ...template,
  /** `MARKETING`, `UTILITY` or `AUTHENTICATION`; missing while the change is still to come. */
  previousCategory: text,
  /** The category of the template as of this event. */
  newCategory: text,
  /** The category to come; missing when the change was made. */
  correctCategory: text,
  /** When the change will be made. */
  changesAt: instant
})
export type TemplateCategoryChanged = typeof TemplateCategoryChanged.Type

/** Content that was sent directly belongs, says Meta, to another category than the one it was sent under. */
export const TemplateMiscategorized = Schema.TaggedStruct("TemplateMiscategorized", {
  ...template,
  /** What it was sent under: `MARKETING`, `UTILITY` or `AUTHENTICATION`. */
  category: text,
  /** What it should have been. */
  correctCategory: text
})
export type TemplateMiscategorized = typeof TemplateMiscategorized.Type

/** What happens to templates, told apart by `_tag`. */
export const TemplateEvent = Schema.Union([
  TemplateStatusChanged,
  TemplateQualityChanged,
  TemplateComponentsChanged,
  TemplateCategoryChanged,
  TemplateMiscategorized
]).pipe(Schema.toTaggedUnion("_tag"))
export type TemplateEvent = typeof TemplateEvent.Type
