/** The buttons of a new template. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type { Fields } from "../envelope.ts"
import type { Refused } from "../graphError.ts"
import { invalid, toRefused } from "../sendIssue.ts"
import { isDistinct, optional, Several, Some, upTo, Whole } from "../sendSchema/words.ts"
import { kindOf } from "../templateStore.ts"
import * as TemplateText from "./templateText.ts"

const button = <T extends string, F extends Schema.Struct.Fields>(type: T, fields: F) =>
  Schema.Struct({ type: Schema.Literal(type), ...fields })

const label = { text: upTo(25) }

/** One, or a list of it: Meta's documents have both. */
const Example = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const App = Schema.Struct({
  package_name: upTo(224),
  signature_hash: Some.check(
    Schema.makeFilter((hash: string) => hash.length === 11, { expected: "a hash of 11 characters" })
  )
})

const Button = Schema.Union([
  button("QUICK_REPLY", label),
  button("URL", { ...label, url: upTo(2000), example: optional(Example) }),
  button("PHONE_NUMBER", { ...label, phone_number: upTo(20) }),
  button("COPY_CODE", { text: optional(upTo(25)), example: optional(Example) }),
  button("OTP", {
    otp_type: Some,
    text: optional(upTo(25)),
    autofill_text: optional(upTo(25)),
    supported_apps: optional(Several(App, 1, 5, "apps")),
    zero_tap_terms_accepted: optional(Schema.Boolean)
  }),
  button("FLOW", {
    ...label,
    flow_id: optional(Schema.Union([Some, Schema.Int])),
    flow_name: optional(Some),
    flow_json: optional(Schema.Json),
    flow_action: optional(Some),
    navigate_screen: optional(Some),
    icon: optional(Some)
  }),
  button("MPM", label),
  button("SPM", label),
  button("CATALOG", label),
  button("ORDER_DETAILS", label),
  button("VOICE_CALL", { ...label, ttl_minutes: optional(Whole(1440, 43_200)) }),
  button("APP", label),
  button("REQUEST_CONTACT_INFO", { text: optional(upTo(25)) })
])
type Button = typeof Button.Type

const decode = SchemaParser.decodeUnknownEffect(Schema.Struct({ buttons: Several(Button, 1, 10, "buttons") }))

/** How many there may be of a kind, where it is fewer than ten. */
const most: { readonly [type: string]: number } = {
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  OTP: 1,
  FLOW: 1,
  VOICE_CALL: 1
}

export const check = Effect.fnUntraced(function* (
  component: Fields,
  { category }: { readonly category: string }
): Effect.fn.Return<void, Refused> {
  const { buttons } = yield* Effect.mapError(decode(component), (issue) =>
    invalid(`BUTTONS: ${toRefused(issue).details ?? ""}`)
  )
  const isCode = category === "AUTHENTICATION"
  const labels = buttons.flatMap((one) => (one.text === undefined ? [] : [one.text]))
  if (!isDistinct(labels)) return yield* invalid("Two buttons have the same text.")
  for (const [type, max] of Object.entries(most)) {
    if (buttons.filter((one) => one.type === type).length > max) {
      return yield* invalid(`There may be at most ${max} of the buttons ${type}.`)
    }
  }
  if (buttons.some((one) => (one.type === "OTP") !== isCode)) {
    return yield* invalid("Authentication templates have a button of type OTP, and no others have.")
  }
  const turns = buttons.filter((one, i) => i > 0 && isReply(one) !== isReply(buttons[i - 1]))
  if (turns.length > 1) return yield* invalid("Quick replies must stand together, and so must the others.")
  yield* Effect.forEach(buttons, checkOne, { discard: true })
})

const isReply = (one: Button | undefined): boolean => one?.type === "QUICK_REPLY"

const checkOne = Effect.fnUntraced(function* (one: Button): Effect.fn.Return<void, Refused> {
  switch (one.type) {
    case "URL": {
      const names = TemplateText.variables(one.url)
      if (!/^https?:\/\/\S+$/i.test(one.url)) return yield* invalid("Param url must be an http or https URL.")
      if (names.length > 0 && !/^[^{}]+\{\{1\}\}$/.test(one.url)) {
        return yield* invalid("Param url can have one variable, {{1}}, at its end.")
      }
      if (names.length > 0 && firstOf(one.example) === undefined) return yield* TemplateText.missingExample("BUTTONS")
      return undefined
    }
    case "COPY_CODE": {
      const code = firstOf(one.example)
      if (code === undefined) return yield* TemplateText.missingExample("BUTTONS")
      if (code.length > 20) return yield* invalid("Param example of a code must be at most 20 characters.")
      return undefined
    }
    case "OTP": {
      const type = one.otp_type.toUpperCase()
      if (!["COPY_CODE", "ONE_TAP", "ZERO_TAP"].includes(type)) {
        return yield* invalid("Param otp_type must be one of {COPY_CODE, ONE_TAP, ZERO_TAP}.")
      }
      if (type !== "COPY_CODE" && one.supported_apps === undefined) {
        return yield* invalid("The parameter supported_apps is required.")
      }
      if (type === "ZERO_TAP" && one.zero_tap_terms_accepted !== true) {
        return yield* invalid("Param zero_tap_terms_accepted must be true.")
      }
      return undefined
    }
    case "FLOW": {
      const sources = [one.flow_id, one.flow_name, one.flow_json].filter((source) => source !== undefined)
      if (sources.length !== 1) return yield* invalid("Exactly one of flow_id, flow_name and flow_json is required.")
      return undefined
    }
    case "PHONE_NUMBER":
      if (!/^\+?[\d\s().-]{5,}$/.test(one.phone_number))
        return yield* invalid("Param phone_number must be a phone number.")
      return undefined
    default:
      return undefined
  }
})

const firstOf = (example: typeof Example.Type | undefined): string | undefined => {
  const first = typeof example === "string" ? example : example?.[0]
  return first === "" ? undefined : first
}

const isObjects = Schema.is(Schema.Array(Schema.JsonObject))

/** The kinds of buttons in upper case, as Meta gives them back. */
export const normal = (component: Fields): Fields =>
  isObjects(component.buttons)
    ? {
        ...component,
        buttons: component.buttons.map((one) => ({ ...one, type: kindOf(one) }))
      }
    : component
