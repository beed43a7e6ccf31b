/** Calls, in either direction: asking whether one may call, and a button by which a person calls. Meta page: "Calling". */
import * as Schema from "effect/Schema"
import { given } from "../../internal/present.ts"
import { integer, limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { Body, interactive, type Interactive } from "./Parts.ts"

/** Schema for the question whether the business may call. Meta's name: `call_permission_request`. */
export const CallRequest = Schema.Struct({
  type: Schema.Literal("call_permission_request"),
  body: Schema.optionalKey(Body),
  action: Schema.Struct({ name: Schema.Literal("call_permission_request") })
})
export type CallRequest = typeof CallRequest.Type

/** Schema for a button by which a person calls the business. Meta's name: `voice_call`. */
export const CallButton = Schema.Struct({
  type: Schema.Literal("voice_call"),
  body: Body,
  action: Schema.Struct({
    name: Schema.Literal("voice_call"),
    parameters: Schema.optionalKey(
      Schema.Struct({
        display_text: Schema.optionalKey(within(limits["voice_call.display_text"])),
        ttl_minutes: Schema.optionalKey(integer(limits["voice_call.ttl_minutes"])),
        payload: Schema.optionalKey(within(limits["voice_call.payload"]))
      })
    )
  })
})
export type CallButton = typeof CallButton.Type

export interface CallRequestInput {
  /** 1 to 1024 characters. @default none */
  readonly body?: string | undefined
}

/**
 * Asks a person whether the business may call them (Meta's `call_permission_request`).
 *
 * **Details**
 *
 * Meta lets one be sent in 24 hours and two in seven days to a person, counted anew from each call that was answered.
 *
 * **Example** (About an order)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const may = Message.requestCall({ body: "May we call about order 12?" })
 * ```
 */
export const requestCall = (input: CallRequestInput = {}, options?: Options): Interactive<CallRequest> =>
  interactive(
    {
      type: "call_permission_request",
      ...(input.body === undefined ? {} : { body: { text: input.body } }),
      action: { name: "call_permission_request" }
    },
    options
  )

export interface CallButtonInput {
  /** 1 to 1024 characters. */
  readonly body: string
  /** What the button says: at most 20 characters. @default Meta's: "Call Now" */
  readonly button?: string | undefined
  /** How long the button works, in minutes: 1 to 43200. @default Meta's: 10080, a week */
  readonly ttlMinutes?: number | undefined
  /** Comes back with the call: at most 512 characters. @default none */
  readonly payload?: string | undefined
}

/**
 * A button by which a person calls the business (Meta's `voice_call`).
 *
 * **Example** (An hour)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const call = Message.callButton({ body: "Talk to us", button: "Call us", ttlMinutes: 60, payload: "ord-12" })
 * ```
 */
export const callButton = (input: CallButtonInput, options?: Options): Interactive<CallButton> => {
  const parameters = given({ display_text: input.button, ttl_minutes: input.ttlMinutes, payload: input.payload })
  return interactive(
    {
      type: "voice_call",
      body: { text: input.body },
      action: { name: "voice_call", ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }
    },
    options
  )
}
