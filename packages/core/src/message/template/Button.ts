/**
 * The buttons of a template that take a value, one component each, by `sub_type`. Those that take none (calls, fixed
 * links) are left out of a send. Meta page: "Template components".
 */
import * as Schema from "effect/Schema"
import { firstRepeated } from "../internal/distinct.ts"
import { integer, limits, text as within } from "../limits.ts"
import { action, at, button, Index, kind } from "./internal/button.ts"
import { either, modelled } from "./internal/words.ts"
import { isOneLine } from "./Parameter.ts"
import { Catalog, MultiProduct, Payment } from "./ShopButton.ts"

const Payload = Schema.Struct({ type: either("payload"), payload: within(limits["template.button.payload"]) })

/** Schema for a quick reply: `payload` comes back when it is pressed. */
export const QuickReply = Schema.Struct({ ...button("quick_reply"), parameters: Schema.Tuple([Payload]) })
export type QuickReply = typeof QuickReply.Type

/** What a link may be completed with. */
export const Suffix = within(limits["template.button.url"]).check(isOneLine)

/**
 * Schema for a link: the text is appended to the URL of the template. Also the button of a one-time password. Meta's
 * older carousels call the text a payload.
 */
export const Url = Schema.Struct({
  ...button("url"),
  parameters: Schema.Tuple([
    Schema.Union([
      Schema.Struct({ type: either("text"), text: Suffix }),
      Schema.Struct({ type: either("payload"), payload: Suffix })
    ]).annotate(modelled("a type of parameter for a link", ["text", "payload"]))
  ])
})
export type Url = typeof Url.Type

/** A code that a tap copies. */
export const Code = within(limits["template.button.code"]).check(
  Schema.isPattern(/^[A-Za-z0-9]*$/, { expected: "letters and digits" })
)

/** Schema for a code that a tap copies: letters and digits. */
export const CopyCode = Schema.Struct({
  ...button("copy_code"),
  parameters: Schema.Tuple([Schema.Struct({ type: either("coupon_code"), coupon_code: Code })])
})
export type CopyCode = typeof CopyCode.Type

/** Schema for a button that opens a flow. */
export const Flow = Schema.Struct({
  ...button("flow"),
  parameters: Schema.optionalKey(
    Schema.Tuple([
      action({
        /** Comes back with what the person entered. @default Meta's: "unused" */
        flow_token: Schema.optionalKey(Schema.NonEmptyString),
        /** What the first screen is given. */
        flow_action_data: Schema.optionalKey(Schema.JsonObject)
      })
    ])
  )
})
export type Flow = typeof Flow.Type

const isOnceEach = Schema.makeFilter(
  (parameters: ReadonlyArray<{ readonly type: string }>) => {
    const types = parameters.map(({ type }) => type.toLowerCase())
    const at = firstRepeated(types)
    return at === -1 ? undefined : { path: [at], issue: `Expected one ${types[at]}` }
  },
  { arbitraryConstraint: { uniqueBy: ({ type }: { readonly type: string }) => type.toLowerCase() } }
)

/** Schema for a button that calls the business on WhatsApp; `index` may be left out. */
export const VoiceCall = Schema.Struct({
  ...kind("voice_call"),
  index: Schema.optionalKey(Index),
  parameters: Schema.optionalKey(
    Schema.Array(
      Schema.Union([
        Schema.Struct({
          type: either("ttl_minutes"),
          ttl_minutes: integer(limits["template.button.voiceCall.ttlMinutes"])
        }),
        Schema.Struct({ type: either("payload"), payload: within(limits["template.button.voiceCall.payload"]) })
      ]).annotate(modelled("a type of parameter for a call", ["ttl_minutes", "payload"]))
    ).check(isOnceEach)
  )
})
export type VoiceCall = typeof VoiceCall.Type

/** Schema for a button that takes a value; those that take none are left out. */
export const Button = Schema.Union([QuickReply, Url, CopyCode, Flow, Catalog, MultiProduct, Payment, VoiceCall])
export type Button = typeof Button.Type

/** The kinds of buttons, in Meta's words. */
export const subTypes: ReadonlyArray<string> = Button.members.map(({ fields }) => fields.sub_type.literals[0])

/** The payload of a quick reply, at most 256 characters; `index` counts all buttons of the template from 0. */
export const quickReply = (index: number, payload: string): QuickReply => ({
  ...at("quick_reply", index),
  parameters: [{ type: "payload", payload }]
})

/** What is appended to the URL of a link button, or the code of a one-time password; `index` counts from 0. */
export const url = (index: number, suffix: string): Url => ({
  ...at("url", index),
  parameters: [{ type: "text", text: suffix }]
})

/** The code that a button copies, at most 20 letters and digits; `index` counts from 0. */
export const copyCode = (index: number, code: string): CopyCode => ({
  ...at("copy_code", index),
  parameters: [{ type: "coupon_code", coupon_code: code }]
})

/** Schema for what `flow` takes. */
export const FlowOptions = Schema.Struct({
  /** Comes back with what the person entered. @default Meta's: "unused" */
  token: Schema.optional(Schema.NonEmptyString),
  /** What the first screen is given. */
  data: Schema.optional(Schema.JsonObject)
})
export type FlowOptions = typeof FlowOptions.Type

/** A flow: `flow(0, { token: "t-9", data: { shop: "B" } })`. Meta wants the component even when there is nothing in it. */
export const flow = (index: number, options: FlowOptions = {}): Flow => ({
  ...at("flow", index),
  parameters: [
    {
      type: "action",
      action: {
        ...(options.token === undefined ? {} : { flow_token: options.token }),
        ...(options.data === undefined ? {} : { flow_action_data: options.data })
      }
    }
  ]
})

/** Schema for what `voiceCall` takes. */
export const VoiceCallOptions = Schema.Struct({
  /** For how many minutes the button works, 1 to 43200. @default Meta's: a week */
  ttlMinutes: Schema.optional(Schema.Number),
  /** Comes back when the person calls, at most 512 characters. */
  payload: Schema.optional(Schema.String)
})
export type VoiceCallOptions = typeof VoiceCallOptions.Type

/** A call on WhatsApp: `voiceCall(0, { ttlMinutes: 120, payload: "ord-12" })`. */
export const voiceCall = (index: number, { payload, ttlMinutes }: VoiceCallOptions = {}): VoiceCall => {
  const parameters = [
    ...(ttlMinutes === undefined ? [] : [{ type: "ttl_minutes" as const, ttl_minutes: ttlMinutes }]),
    ...(payload === undefined ? [] : [{ type: "payload" as const, payload }])
  ]
  return { ...at("voice_call", index), ...(parameters.length === 0 ? {} : { parameters }) }
}
