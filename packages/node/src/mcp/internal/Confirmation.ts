/** Asks the person before the client, where the client can: in the middle of the call, or by having it made again. */
import { randomBytes } from "node:crypto"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as McpSchema from "effect/ai/McpSchema"
import { Goodbye } from "./Goodbye.ts"

/** `Asked`: the client shall ask and call again. `Unable`: this client cannot ask. */
export type Verdict =
  | { readonly _tag: "Confirmed" }
  | { readonly _tag: "Refused" }
  | { readonly _tag: "Unable" }
  | { readonly _tag: "Asked"; readonly request: McpSchema.InputRequired }

const requestedSchema = {
  type: "object",
  properties: { send: { type: "boolean", title: "Send it", description: "Whether this message is sent" } },
  required: ["send"]
} as const

const Answer = Schema.Struct({
  action: Schema.Literal("accept"),
  content: Schema.Struct({ send: Schema.Literal(true) })
})
/** Anything but a clear yes is a no. */
const isYes = SchemaParser.is(Answer)

const canAsk = ({ elicitation }: McpSchema.ClientCapabilities): boolean =>
  // An empty object means forms; only a client that names other modes alone cannot show one.
  elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)

const maxOpen = 1000

/** Makes what asks. */
export const make = Effect.gen(function* () {
  const goodbye = yield* Goodbye
  /** The questions that wait for an answer, by what comes back with it: a yes is for one question, and for once. */
  const open = new Map<string, string>()
  const begin = (question: string): string => {
    const state = randomBytes(16).toString("hex")
    open.set(state, question)
    const [oldest] = open.keys()
    if (open.size > maxOpen && oldest !== undefined) open.delete(oldest)
    return state
  }
  const isAnswerTo = (question: string, state: string | undefined): boolean =>
    state !== undefined && open.get(state) === question && open.delete(state)

  return Effect.fnUntraced(function* (question: string): Effect.fn.Return<Verdict, never, McpSchema.McpRequestContext> {
    const { clientCapabilities, inputResponses, requestState } = yield* McpSchema.McpRequestContext
    if (!canAsk(clientCapabilities)) return { _tag: "Unable" }
    const params = { message: question, requestedSchema }
    const session = yield* Effect.serviceOption(McpSchema.McpServerClient)
    if (Option.isSome(session)) {
      const answer = yield* Effect.flatMap(session.value.getClient, (client) =>
        client.elicit(new McpSchema.ElicitRequestFormParams(params))
      ).pipe(Effect.scoped, Effect.raceFirst(Effect.andThen(Deferred.await(goodbye), Effect.interrupt)), Effect.exit)
      return { _tag: answer._tag === "Success" && isYes(answer.value) ? "Confirmed" : "Refused" }
    }
    if (inputResponses !== undefined && isAnswerTo(question, requestState)) {
      return { _tag: isYes(inputResponses["send"]) ? "Confirmed" : "Refused" }
    }
    const request = new McpSchema.InputRequired({
      inputRequests: { send: { method: "elicitation/create", params: { mode: "form", ...params } } },
      requestState: begin(question)
    })
    return { _tag: "Asked", request }
  })
})
