/**
 * A template as it is handed in for review, in Meta's own words: the body of `POST /{waba-id}/message_templates`. Meta
 * reviews for up to a day, so what it is sure to refuse is told before anything leaves. Meta page: "Template components".
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import { type Problem, problemsOf } from "../internal/problems.ts"
import { check } from "./internal/creation/rules.ts"

const optional = Schema.optionalKey
const text = optional(Schema.String)
const texts = optional(Schema.Array(Schema.String))

const NamedExample = Schema.Struct({ param_name: Schema.String, example: Schema.String })
const Example = Schema.Struct({
  header_text: optional(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  header_text_named_params: optional(Schema.Array(NamedExample)),
  header_handle: texts,
  body_text: optional(Schema.Array(Schema.Union([Schema.String, Schema.Array(Schema.String)]))),
  body_text_named_params: optional(Schema.Array(NamedExample))
})

const App = Schema.Struct({ package_name: Schema.String, signature_hash: Schema.String })

/** Schema for a button that is handed in. */
const Button = Schema.Struct({
  type: Schema.String,
  text,
  url: text,
  phone_number: text,
  example: optional(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  otp_type: text,
  supported_apps: optional(Schema.Array(App)),
  zero_tap_terms_accepted: optional(Schema.Boolean),
  flow_id: optional(Schema.Union([Schema.String, Schema.Finite])),
  flow_name: text,
  flow_json: text,
  ttl_minutes: optional(Schema.Finite)
})
export type Button = typeof Button.Type

const part = {
  type: Schema.String,
  format: text,
  text,
  example: optional(Example),
  buttons: optional(Schema.Array(Button)),
  add_security_recommendation: optional(Schema.Boolean),
  code_expiration_minutes: optional(Schema.Finite),
  limited_time_offer: optional(Schema.Struct({ text, has_expiration: optional(Schema.Boolean) }))
}
const Part = Schema.Struct(part)
export type Part = typeof Part.Type

const Component = Schema.Struct({
  ...part,
  cards: optional(Schema.Array(Schema.Struct({ components: Schema.Array(Part) })))
})
export type Component = typeof Component.Type

/** Schema for as much of a template as is checked; more may be there, and is handed in as well. */
const Creation = Schema.Struct({
  name: Schema.String,
  language: Schema.NonEmptyString,
  category: Schema.String,
  parameter_format: text,
  message_send_ttl_seconds: optional(Schema.Int),
  /** May be left out of one from Meta's library alone. */
  components: optional(Schema.Array(Component)),
  library_template_name: text
})
export type Creation = typeof Creation.Type

/** A template that may be handed in. */
export interface Checked {
  readonly name: string
  readonly language: string
  /** All of it, as it was given. */
  readonly node: Schema.JsonObject
  /** What is not wrong and yet worth knowing. */
  readonly notes: ReadonlyArray<Problem>
}

const parse = SchemaParser.decodeUnknownResult(Creation, { errors: "all" })
/** A template that may be handed in, or all that Meta would refuse it for. */
export const read = (node: Schema.JsonObject): Result.Result<Checked, ReadonlyArray<Problem>> =>
  Result.flatMap(Result.mapError(parse(node), problemsOf), (creation) => {
    const { notes, problems } = check(creation)
    return problems.length > 0
      ? Result.fail(problems)
      : Result.succeed({ name: creation.name, language: creation.language, node, notes })
  })
