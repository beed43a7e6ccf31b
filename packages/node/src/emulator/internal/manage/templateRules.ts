/** What a new template must be like, and which number Meta gives to what is wrong with it. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { compact, type Fields } from "../envelope.ts"
import type { Refused } from "../graphError.ts"
import { invalid } from "../sendIssue.ts"
import * as Parameters from "./parameters.ts"
import * as TemplateParts from "./templateParts.ts"

export const name = Effect.fnUntraced(function* (given: Parameters.Parameters): Effect.fn.Return<string, Refused> {
  const text = yield* Parameters.required(given, "name")
  yield* TemplateParts.tooLong("name", text, 512)
  return /^[a-z0-9_]+$/.test(text)
    ? text
    : yield* invalid("Param name can only have lower case letters, digits and underscores.")
})

const languages = new Set(
  (
    "af sq ar ar_EG ar_AE ar_LB ar_MA ar_QA az be_BY bn bn_IN bg ca zh_CN zh_HK zh_TW hr cs da prs_AF nl nl_BE en en_GB " +
    "en_US en_AE en_AU en_CA en_GH en_IE en_IN en_JM en_MY en_NZ en_QA en_SG en_UG en_ZA et fil fi fr fr_BE fr_CA fr_CH " +
    "fr_CI fr_MA ka de de_AT de_CH el gu ha he hi hu id ga it ja kn kk rw_RW ko ky_KG lo lv lt mk ms ml mr nb ps_AF fa pl " +
    "pt_BR pt_PT pa ro ru sr si_LK sk sl es es_AR es_CL es_CO es_CR es_DO es_EC es_HN es_MX es_PA es_PE es_ES es_UY sw sv " +
    "ta te th tr uk ur uz vi zu"
  ).split(" ")
)

export const language = Effect.fnUntraced(function* (given: Parameters.Parameters): Effect.fn.Return<string, Refused> {
  const code = yield* Parameters.required(given, "language")
  return languages.has(code)
    ? code
    : yield* invalid("Param language must be the code of a language that Meta supports.")
})

const categories = ["AUTHENTICATION", "MARKETING", "UTILITY"]

export const category = Effect.fnUntraced(function* (given: Parameters.Parameters): Effect.fn.Return<string, Refused> {
  const text = (yield* Parameters.required(given, "category")).toUpperCase()
  return categories.includes(text) ? text : yield* invalid(`Param category must be one of {${categories.join(", ")}}.`)
})

export const isNamed = Effect.fnUntraced(function* (given: Parameters.Parameters): Effect.fn.Return<boolean, Refused> {
  const format = ((yield* Parameters.text(given, "parameter_format")) ?? "POSITIONAL").toUpperCase()
  if (format !== "NAMED" && format !== "POSITIONAL") {
    return yield* invalid("Param parameter_format must be one of {NAMED, POSITIONAL}.")
  }
  return format === "NAMED"
})

/** What is neither words nor category. */
export const settings = Effect.fnUntraced(function* (given: Parameters.Parameters): Effect.fn.Return<Fields, Refused> {
  const seconds = yield* Parameters.text(given, "message_send_ttl_seconds")
  if (seconds !== undefined && !(/^(-1|\d{1,8})$/.test(seconds) && isLifetime(Number(seconds)))) {
    return yield* invalid("Param message_send_ttl_seconds must be -1, or an integer from 30 to 2592000.")
  }
  const untracked = Parameters.json(given, "cta_url_link_tracking_opted_out")
  if (untracked !== undefined && typeof untracked !== "boolean") {
    return yield* invalid("Param cta_url_link_tracking_opted_out must be a boolean.")
  }
  return compact({
    message_send_ttl_seconds: seconds === undefined ? undefined : Number(seconds),
    cta_url_link_tracking_opted_out: untracked
  })
})

const isLifetime = (seconds: number): boolean => seconds === -1 || (seconds >= 30 && seconds <= 2_592_000)

const decodeComponents = Schema.decodeUnknownOption(Schema.Array(Schema.JsonObject))

/** The components, each with its kind in upper case. */
export const components = Effect.fnUntraced(function* (
  given: Parameters.Parameters,
  context: TemplateParts.Context
): Effect.fn.Return<ReadonlyArray<Fields>, Refused> {
  const list = Option.getOrUndefined(decodeComponents(Parameters.json(given, "components")))
  if (list === undefined) return yield* invalid("Param components must be an array of objects.")
  return yield* TemplateParts.check(list, context)
})
