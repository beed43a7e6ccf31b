/** `whatsapp_explain_error`: what a code of Meta's means, whether a second try is safe, and what to do. */
import { fromMetaCode, graphCodes, graphSubcodes, lookUp, type Verdict } from "@effect-whatsapp/core/errors"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as McpServer from "effect/ai/McpServer"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import { Guides } from "./Guides.ts"
import { looksHere } from "./internal/hints.ts"
import { ToolError } from "./internal/ToolError.ts"

export const page = "45_errors.md"

const Explanation = Schema.Struct({
  code: Schema.Finite,
  subcode: Schema.optionalKey(Schema.Finite),
  /** Whether this version knows the code; without, the rest is what is done about the unknown. */
  isKnown: Schema.Boolean,
  /** The class that a program catches. */
  reason: Schema.String,
  meaning: Schema.String,
  /** `Never`, `After`, `Backoff` or `Ambiguous`: whether it is safe to try again. */
  verdict: Schema.Literals(["Never", "After", "Backoff", "Ambiguous"]),
  /** With `After`: how long to wait. */
  afterMilliseconds: Schema.optionalKey(Schema.Finite),
  verdictMeaning: Schema.String,
  /** Where the code shows up. */
  when: Schema.Literals(["answer", "status", "both", "health"]),
  advice: Schema.String
})

const tool = Tool.make("whatsapp_explain_error", {
  description:
    "What an error code of the WhatsApp Cloud API means: the reason a program catches, whether a second try is safe, and what to do. Give the code (and subcode), or the body of an error answer, or the errors of a failed status.",
  parameters: Schema.Struct({
    code: Schema.optionalKey(Schema.Int.annotate({ description: "Meta's code, as in 131047" })),
    subcode: Schema.optionalKey(Schema.Int.annotate({ description: "Meta's error_subcode" })),
    body: Schema.optionalKey(
      Schema.Union([Schema.String, Schema.JsonObject]).annotate({
        description: `A whole body instead, as in {"error":{"code":100,"error_subcode":2388023}}, as an object or a text`
      })
    )
  }),
  success: Schema.Struct({ errors: Schema.Array(Explanation), page: Schema.String }),
  failure: ToolError
})
  .annotateMerge(looksHere)
  .annotate(Tool.Title, "Explain a WhatsApp error")

const toolkit = Toolkit.make(tool)

/** What is read of an error: not its texts, which may repeat a message. */
const Told = Schema.Struct({
  code: Schema.Finite,
  error_subcode: Schema.optionalKey(Schema.Finite),
  is_transient: Schema.optionalKey(Schema.Boolean)
})
interface Told extends Schema.Schema.Type<typeof Told> {}

const isTold = SchemaParser.is(Told)
const parseJson = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(Schema.Json))
const children = (json: Schema.Json): ReadonlyArray<Schema.Json> =>
  typeof json === "object" && json !== null ? Object.values(json) : []

const most = 20

/** The errors in a body, wherever in it they stand. */
const toldIn = (json: Schema.Json, depth = 0): ReadonlyArray<Told> => {
  if (depth > 16) return []
  return isTold(json)
    ? [json]
    : children(json)
        .flatMap((child) => toldIn(child, depth + 1))
        .slice(0, most)
}

const meanings: { readonly [_ in Verdict["_tag"]]: string } = {
  Never: "A second try fails alike, or does harm.",
  After: "It was not accepted; try again when the time has passed.",
  Backoff: "It was not accepted; wait, and wait longer each time.",
  Ambiguous: "Nobody knows whether it was accepted: a second try may be a second copy. A status tells."
}

const isKnown = (code: number, subcode: number | undefined): boolean =>
  code in graphCodes ||
  (subcode !== undefined && (`${code}/${subcode}` in graphSubcodes || lookUp(code, subcode) !== lookUp(code))) ||
  lookUp(code).reason !== "Rejected"

/** What the page says of a reason, in its table. */
export const meaningIn = (text: string, reason: string): string =>
  new RegExp(`^\\| \`${reason}\` \\| [^|]+ \\| (.+) \\|$`, "m").exec(text)?.[1]?.replaceAll("\\|", "|") ?? ""

export const layer = McpServer.toolkit(toolkit).pipe(
  Layer.provide(
    toolkit.toLayer(
      Effect.gen(function* () {
        const text = (yield* Guides).text(page)
        const explain = ({ code, error_subcode: subcode, is_transient: isTransient }: Told) => {
          const row = lookUp(code, subcode, isTransient)
          const { verdict } = fromMetaCode(code, { subcode, isTransient })
          return {
            code,
            ...(subcode === undefined ? {} : { subcode }),
            isKnown: isKnown(code, subcode),
            reason: row.reason,
            meaning: meaningIn(text, row.reason),
            verdict: verdict._tag,
            ...(verdict._tag === "After"
              ? { afterMilliseconds: Schema.encodeSync(Schema.DurationFromMillis)(verdict.duration) }
              : {}),
            verdictMeaning: meanings[verdict._tag],
            when: row.when,
            advice: row.advice
          }
        }
        return {
          whatsapp_explain_error: Effect.fnUntraced(function* ({ body, code, subcode }) {
            if ((code === undefined) === (body === undefined)) {
              return yield* new ToolError({ message: "Give either a code or a body" })
            }
            const answer = (told: ReadonlyArray<Told>) => ({
              errors: told.map(explain),
              page: `effect-whatsapp://docs/${page}`
            })
            if (code !== undefined) {
              return answer([{ code, ...(subcode === undefined ? {} : { error_subcode: subcode }) }])
            }
            const json =
              typeof body === "string"
                ? yield* Effect.mapError(parseJson(body), () => new ToolError({ message: "The body is not JSON" }))
                : (body ?? null)
            const told = toldIn(json)
            return told.length === 0
              ? yield* new ToolError({ message: "The body holds no error with a numeric code" })
              : answer(told)
          })
        }
      })
    )
  )
)
