/** Management calls as a program makes them. */
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { appSecret, businessAccountId, call } from "./world.ts"

export type Emulator = CloudApiEmulator.CloudApiEmulator["Service"]

export const appId = "5512"
export const appToken = `${appId}|${appSecret}`

export const account = `/v23.0/${businessAccountId}`
export const templates = `${account}/message_templates`

interface Answer {
  readonly json: () => Schema.Json
}

const json = { "content-type": "application/json" }

/** A POST with a body of JSON. */
export const postJson = (emulator: Emulator, path: string, body: Schema.Json, token?: string) =>
  call(emulator, "POST", path, {
    body: JSON.stringify(body),
    headers: json,
    ...(token === undefined ? {} : { token })
  })

export const objectOf = (answer: Answer): Schema.JsonObject =>
  Schema.decodeUnknownSync(Schema.JsonObject)(answer.json())

const Listed = Schema.Struct({
  data: Schema.Array(Schema.JsonObject),
  paging: Schema.optionalKey(
    Schema.Struct({
      cursors: Schema.Struct({ before: Schema.String, after: Schema.String }),
      previous: Schema.optionalKey(Schema.String),
      next: Schema.optionalKey(Schema.String)
    })
  ),
  summary: Schema.optionalKey(Schema.JsonObject)
})
export const listOf = (answer: Answer) => Schema.decodeUnknownSync(Listed, { onExcessProperty: "error" })(answer.json())

/** The object at a path, or what Meta says. */
export const get = (emulator: Emulator, path: string, token?: string) =>
  Effect.map(call(emulator, "GET", path, token === undefined ? {} : { token }), objectOf)

const Refusal = Schema.Struct({
  error: Schema.Struct({
    message: Schema.String,
    type: Schema.String,
    code: Schema.Int,
    error_subcode: Schema.optionalKey(Schema.Int),
    is_transient: Schema.optionalKey(Schema.Boolean),
    error_user_title: Schema.optionalKey(Schema.String),
    error_user_msg: Schema.optionalKey(Schema.String),
    error_data: Schema.optionalKey(
      Schema.Struct({ messaging_product: Schema.Literal("whatsapp"), details: Schema.String })
    ),
    fbtrace_id: Schema.String
  })
})
/** What a management call was refused with, which has these members and no others. */
export const refusalOf = (answer: Answer) =>
  Schema.decodeUnknownSync(Refusal, { onExcessProperty: "error" })(answer.json()).error

export const codesOf = (answer: Answer) => {
  const { code, error_subcode } = refusalOf(answer)
  return error_subcode === undefined ? [code] : [code, error_subcode]
}

/** A template that Meta takes. */
export const orderUpdate = {
  name: "order_update",
  language: "en_US",
  category: "UTILITY",
  components: [
    {
      type: "BODY",
      text: "Hi {{1}}, your order {{2}} ships today, and arrives soon.",
      example: { body_text: [["Ana", "A-31"]] }
    }
  ]
} as const
