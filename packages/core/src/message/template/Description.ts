/**
 * What an approved template is, as plain data: as much of it as one has to know to fill it in. Meta page: "Template
 * components".
 */
import * as Schema from "effect/Schema"

const optionalText = Schema.optionalKey(Schema.String)

const label = {
  /** What its value is called. @default the text, else the type */
  name: optionalText,
  /** What the person reads on it. */
  text: optionalText
}

/** Schema for a button, in the order of the template: those that take no value count as well. */
export const ButtonDescription = Schema.Union([
  Schema.Struct({
    type: Schema.Literals([
      "quick_reply",
      "copy_code",
      "flow",
      "catalog",
      "mpm",
      "order_details",
      "voice_call",
      // Those below take no value; that of `otp` is the code of the whole template.
      "otp",
      "spm",
      "app",
      "request_contact_info"
    ]),
    ...label
  }),
  Schema.Struct({
    type: Schema.Literal("url"),
    ...label,
    /** Takes a value where it has `{{1}}`. */
    url: Schema.String
  }),
  Schema.Struct({ type: Schema.Literal("phone_number"), ...label, phoneNumber: optionalText })
])
export type ButtonDescription = typeof ButtonDescription.Type

/** Schema for the header; only a text may be without a variable. */
export const HeaderDescription = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), text: Schema.String }),
  Schema.Struct({ type: Schema.Literals(["image", "video", "gif", "document", "location", "product"]) })
])
export type HeaderDescription = typeof HeaderDescription.Type

const parts = {
  header: Schema.optionalKey(HeaderDescription),
  /** The approved text, with its variables: `{{1}}`, `{{2}}`, … or `{{first_name}}`. */
  body: optionalText,
  buttons: Schema.optionalKey(Schema.Array(ButtonDescription))
}

/** Schema for a card of a carousel. */
export const CardDescription = Schema.Struct(parts)
export type CardDescription = typeof CardDescription.Type

/** Schema for a template that is approved at Meta. */
export const Description = Schema.Struct({
  name: Schema.String,
  /** Code of the language, exactly as approved: `en` is not `en_US`. */
  language: Schema.String,
  category: Schema.optionalKey(Schema.Literals(["marketing", "utility", "authentication"])),
  ...parts,
  footer: optionalText,
  limitedTimeOffer: Schema.optionalKey(
    Schema.Struct({
      text: optionalText,
      /** Whether the end of the offer is shown, and so has to be given. @default false */
      hasExpiration: Schema.optionalKey(Schema.Boolean)
    })
  ),
  /** The cards as approved. Of products any number from 2 to 10 may be sent, each like the first. */
  carousel: Schema.optionalKey(Schema.Array(CardDescription)),
  /** A template that tells what has become of an order. India and Brazil. */
  orderStatus: Schema.optionalKey(Schema.Literal(true)),
  /** A template that asks whether the business may call. */
  callPermissionRequest: Schema.optionalKey(Schema.Literal(true))
})
export type Description = typeof Description.Type

/** The names of the variables of a text, each once, in the order in which they come. */
export const variables = (text: string): ReadonlyArray<string> =>
  Array.from(new Set(Array.from(text.matchAll(/\{\{(.*?)\}\}/gs), ([, name = ""]) => name.trim())))

/** Whether variables are numbers, whose values are a list. */
export const arePositional = (names: ReadonlyArray<string>): boolean => names.every(isNumber)

export const isNumber = (name: string): boolean => /^[0-9]+$/.test(name)

/** What the value of a button is called. */
export const keyOf = (button: ButtonDescription): string => button.name ?? button.text ?? button.type

/** Whether a button takes a value. */
export const takesValue = (button: ButtonDescription): boolean => {
  switch (button.type) {
    case "url":
      return variables(button.url).length > 0
    case "otp":
    case "spm":
    case "app":
    case "request_contact_info":
    case "phone_number":
      return false
    default:
      return true
  }
}
