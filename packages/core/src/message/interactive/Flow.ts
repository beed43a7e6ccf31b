/** A button that opens a flow: forms made at Meta. What is filled in comes back as `FlowCompleted`. Meta page: "Sending a flow". */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import { generatedFrom } from "../internal/generation.ts"
import { given } from "../../internal/present.ts"
import { limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { around, type Around, Id, interactive, type Interactive, surround } from "./Parts.ts"

const someMember = { expected: "an object with at least one member" }
const DataObject = Schema.JsonObject.check(Schema.isMinProperties(1, someMember))

const parse = SchemaParser.decodeUnknownResult(Schema.fromJsonString(DataObject))
const DataText = Schema.String.check(
  Schema.makeFilter((text) => Result.isSuccess(parse(text)), {
    expected: "the JSON of an object with at least one member",
    arbitraryConstraint: { patterns: [{ source: String.raw`^\{"[a-z]{1,9}":[1-9]\}$`, flags: "" }] }
  })
)

const Fields = Schema.Struct({
  flow_message_version: Schema.Literal("3"),
  flow_id: Schema.optionalKey(Id),
  flow_name: Schema.optionalKey(Id),
  flow_cta: within(limits["flow.flow_cta"]),
  /** Given back with what is filled in. */
  flow_token: Schema.optionalKey(Schema.NonEmptyString),
  mode: Schema.optionalKey(Schema.Literals(["draft", "published"])),
  flow_action: Schema.optionalKey(Schema.Literals(["navigate", "data_exchange"])),
  flow_action_payload: Schema.optionalKey(
    Schema.Struct({
      screen: Schema.optionalKey(Schema.NonEmptyString),
      /** An object; one page of Meta's shows its JSON as a string, which is taken too. */
      data: Schema.optionalKey(
        Schema.Union([DataObject, DataText]).annotate({ message: "Expected an object, or its JSON as a string" })
      )
    })
  )
})
type Fields = typeof Fields.Type

const isOneFlow = Schema.makeFilter(
  ({ flow_action, flow_action_payload, flow_id, flow_name }: Fields) => {
    if (flow_id === undefined && flow_name === undefined) {
      return { path: ["flow_id"], issue: "Expected a flow_id or a flow_name" }
    }
    if (flow_id !== undefined && flow_name !== undefined) {
      return { path: ["flow_name"], issue: "Expected no flow_name beside flow_id" }
    }
    return flow_action === "data_exchange" && flow_action_payload !== undefined
      ? { path: ["flow_action_payload"], issue: "Expected no flow_action_payload, as flow_action is data_exchange" }
      : undefined
  },
  { expected: "the parameters of one flow" }
)

/** As generated, what goes together is as it comes. */
const oneFlow = ({ flow_action_payload, flow_id, flow_name, ...rest }: Fields): Fields => ({
  ...rest,
  ...(flow_name === undefined ? { flow_id: flow_id ?? "1" } : { flow_name }),
  ...(flow_action_payload === undefined || rest.flow_action === "data_exchange" ? {} : { flow_action_payload })
})

const Parameters = generatedFrom(Fields.check(isOneFlow), Fields, oneFlow)

/** Schema for a button that opens a flow. */
export const Flow = Schema.Struct({
  type: Schema.Literal("flow"),
  ...around,
  action: Schema.Struct({ name: Schema.Literal("flow"), parameters: Parameters })
})
export type Flow = typeof Flow.Type

interface ById {
  readonly flowId: string
  readonly flowName?: undefined
}
interface ByName {
  readonly flowName: string
  readonly flowId?: undefined
}

/** The flow is named by `flowId` or by `flowName`. */
export type FlowInput = (ById | ByName) &
  Around & {
    /** What the button says: at most 30 characters; over 20 it is sent with a warning. Meta advises against emoji. */
    readonly button: string
    /** Comes back with what was filled in, so make it hard to guess. @default Meta's: "unused" */
    readonly token?: string | undefined
    /** Drafts open on the phones of testers alone. @default Meta's: published */
    readonly mode?: "draft" | "published" | undefined
    /** Whether the first screen is named here or comes from your endpoint. @default Meta's: navigate */
    readonly action?: "navigate" | "data_exchange" | undefined
    /** The first screen, with `navigate` only. @default Meta's: the first entry screen */
    readonly screen?: string | undefined
    /** What the first screen is given, with `navigate` only: at least one member. @default none */
    readonly data?: Schema.JsonObject | undefined
  }

/**
 * A button that opens a flow.
 *
 * **Example** (A visit)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const visit = Message.flow({
 *   body: "Book a visit",
 *   button: "Book",
 *   flowId: "77001",
 *   token: "t-5f0c",
 *   screen: "START",
 *   data: { shop: "Berlin" }
 * })
 * ```
 */
export const flow = (input: FlowInput, options?: Options): Interactive<Flow> =>
  interactive(
    {
      type: "flow",
      ...surround(input),
      action: {
        name: "flow",
        parameters: {
          flow_message_version: "3",
          ...given({
            flow_id: input.flowId,
            flow_name: input.flowName,
            flow_cta: input.button,
            flow_token: input.token,
            mode: input.mode,
            flow_action: input.action,
            flow_action_payload:
              input.screen === undefined && input.data === undefined
                ? undefined
                : given({ screen: input.screen, data: input.data })
          })
        }
      }
    },
    options
  )
