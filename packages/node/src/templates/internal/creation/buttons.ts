/** The rules for buttons. */
import { describe, type Limit } from "@effect-whatsapp/core/message"
import type { Button, Creation, Part } from "../../Creation.ts"
import { creationLimits as limits } from "./limits.ts"
import {
  flat,
  kindOf,
  kindOfCategory,
  none,
  problem,
  type Problems,
  textWithin,
  variablesOf,
  when,
  within
} from "./words.ts"

const hasText = new Set([
  "QUICK_REPLY",
  "URL",
  "PHONE_NUMBER",
  "FLOW",
  "MPM",
  "SPM",
  "CATALOG",
  "ORDER_DETAILS",
  "VOICE_CALL"
])
export const knownButtons = new Set([...hasText, "COPY_CODE", "OTP", "APP", "REQUEST_CONTACT_INFO"])

const ofUrl = (field: string, { example, url }: Button): Problems => {
  if (url === undefined) return problem(`${field}.url`, "expected an address")
  const found = variablesOf(url)
  return [
    ...textWithin(limits.buttonUrl, `${field}.url`, url),
    ...when(!/^https?:\/\//i.test(url), `${field}.url`, "expected an http or https address"),
    ...when(found.length > 1, `${field}.url`, `expected at most 1 variable, got ${found.length}`),
    ...when(found.length === 1 && !url.endsWith("}}"), `${field}.url`, "expected the variable at the end"),
    ...when(
      found.length === 1 && flat(example).length !== 1,
      `${field}.example`,
      "expected 1 example, of the whole address"
    )
  ]
}

const ofOneTimePassword = (field: string, button: Button): Problems => {
  const { supported_apps: apps = [], zero_tap_terms_accepted } = button
  const kind = (button.otp_type ?? "").toUpperCase()
  if (!["COPY_CODE", "ONE_TAP", "ZERO_TAP"].includes(kind)) {
    return problem(`${field}.otp_type`, "expected COPY_CODE, ONE_TAP or ZERO_TAP")
  }
  if (kind === "COPY_CODE") return none
  return [
    ...within(limits.apps, `${field}.supported_apps`, apps.length),
    ...apps.flatMap(({ package_name, signature_hash }, at) => [
      ...textWithin(limits.packageName, `${field}.supported_apps.${at}.package_name`, package_name),
      ...textWithin(limits.signatureHash, `${field}.supported_apps.${at}.signature_hash`, signature_hash)
    ]),
    ...when(
      kind === "ZERO_TAP" && zero_tap_terms_accepted !== true,
      `${field}.zero_tap_terms_accepted`,
      "expected true, as the terms of zero-tap have to be accepted"
    )
  ]
}

const ofButton = (creation: Creation, field: string, button: Button): Problems => {
  const kind = kindOf(button)
  const label =
    button.text === undefined
      ? when(hasText.has(kind), `${field}.text`, "expected a text")
      : textWithin(limits.buttonText, `${field}.text`, button.text)
  switch (kind) {
    case "URL":
      return [...label, ...ofUrl(field, button)]
    case "PHONE_NUMBER":
      return button.phone_number === undefined
        ? [...label, ...problem(`${field}.phone_number`, "expected a phone number")]
        : [...label, ...textWithin(limits.phoneNumber, `${field}.phone_number`, button.phone_number)]
    case "COPY_CODE": {
      const [example] = flat(button.example)
      return example === undefined
        ? problem(`${field}.example`, "expected an example of the code")
        : textWithin(limits.code, `${field}.example`, example)
    }
    case "FLOW": {
      const flows = [button.flow_id, button.flow_name, button.flow_json].filter((flow) => flow !== undefined)
      return [...label, ...when(flows.length !== 1, field, "expected one of flow_id, flow_name and flow_json")]
    }
    case "VOICE_CALL":
      return button.ttl_minutes === undefined
        ? label
        : [...label, ...within(limits.ttlMinutes, `${field}.ttl_minutes`, button.ttl_minutes)]
    case "OTP":
      return [
        ...label,
        ...when(kindOfCategory(creation) !== "AUTHENTICATION", field, "expected the category AUTHENTICATION"),
        ...ofOneTimePassword(field, button)
      ]
    default:
      return label
  }
}

export const isReply = (button: Button) => kindOf(button) === "QUICK_REPLY"

export const ofButtons = (creation: Creation, part: string, { buttons = [] }: Part): Problems => {
  const field = `${part}.buttons`
  const few = (limit: Limit, kind: string) => {
    const { length } = buttons.filter((button) => kindOf(button) === kind)
    return when(length > limit.max, field, `expected ${describe(limit)} of the kind ${kind}, got ${length}`)
  }
  const changes = buttons.filter((button, at) => {
    const before = buttons[at - 1]
    return before !== undefined && isReply(before) !== isReply(button)
  })
  return [
    ...when(buttons.length === 0, field, "expected at least 1 button"),
    ...within(limits.buttons, field, buttons.length),
    ...few(limits.buttonsOfUrl, "URL"),
    ...few(limits.buttonsOfPhone, "PHONE_NUMBER"),
    ...few(limits.buttonsOfCode, "COPY_CODE"),
    ...when(changes.length > 1, field, "expected quick replies beside each other, and other buttons beside each other"),
    ...buttons.flatMap((button, at) => ofButton(creation, `${field}.${at}`, button))
  ]
}
