/** A client of the Model Context Protocol by hand, which also says what no well-behaved client says. */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Queue, Schema } from "effect"
import * as CommandLine from "./commandLine.ts"

const Id = Schema.Union([Schema.String, Schema.Finite, Schema.Null])
const Message = Schema.fromJsonString(
  Schema.Struct({
    jsonrpc: Schema.Literal("2.0"),
    id: Schema.optionalKey(Id),
    method: Schema.optionalKey(Schema.String),
    params: Schema.optionalKey(Schema.JsonObject),
    result: Schema.optionalKey(Schema.JsonObject),
    error: Schema.optionalKey(Schema.Struct({ code: Schema.Int, message: Schema.String }))
  })
)
export type Message = typeof Message.Type
const decode = Schema.decodeUnknownEffect(Message)

const CallResult = Schema.Struct({
  isError: Schema.optionalKey(Schema.Boolean),
  content: Schema.Array(Schema.Struct({ type: Schema.Literal("text"), text: Schema.String })),
  structuredContent: Schema.optionalKey(Schema.JsonObject)
})
const decodeResult = Schema.decodeUnknownEffect(CallResult)

/** A JSON object. */
export type Json = { readonly [key: string]: Schema.Json }

export interface Options {
  readonly args?: ReadonlyArray<string>
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
  readonly protocolVersion?: string
  readonly capabilities?: Schema.JsonObject
}

/** Starts the server, without a word. */
export const start = Effect.fnUntraced(function* ({ args = [], cwd, env }: Options = {}) {
  const running = yield* CommandLine.start(["mcp", ...args], {
    stdin: { open: true },
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd })
  })
  const waiting = new Map<string | number, Deferred.Deferred<Message>>()
  /** What the server asks or tells without having been asked, and answers to what had no id. */
  const others = yield* Queue.unbounded<Message>()
  yield* Effect.forkScoped(
    Effect.forever(
      Effect.gen(function* () {
        const message = yield* Effect.orDie(decode(yield* running.line))
        const { id, method } = message
        const waiter = method === undefined && id !== undefined && id !== null ? waiting.get(id) : undefined
        if (waiter === undefined) return yield* Queue.offer(others, message)
        return yield* Deferred.succeed(waiter, message)
      })
    )
  )
  const write = (line: string | Uint8Array) =>
    Effect.callback<void>((resume) => {
      running.child.stdin?.write(line, () => resume(Effect.void))
    })
  const say = (message: Json) => write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  let last = 0
  /** Begins a request; the answer comes when it comes. */
  const begin = Effect.fnUntraced(function* (method: string, params?: Json) {
    const id = ++last
    const answer = yield* Deferred.make<Message>()
    waiting.set(id, answer)
    yield* say({ id, method, ...(params === undefined ? {} : { params }) })
    return { id, answer: Deferred.await(answer) }
  })
  const request = (method: string, params?: Json) => Effect.flatMap(begin(method, params), ({ answer }) => answer)
  const call = (name: string, args: Json = {}) => request("tools/call", { name, arguments: args })
  /** Calls a tool that shall succeed, and gives its structured result. */
  const ask = Effect.fnUntraced(function* (name: string, args: Json = {}) {
    const message = yield* call(name, args)
    const { content, isError, structuredContent } = yield* Effect.orDie(decodeResult(message.result))
    assert.notStrictEqual(isError, true, content[0]?.text)
    assert.deepStrictEqual(JSON.parse(content[0]?.text ?? ""), structuredContent)
    return structuredContent ?? {}
  })
  /** Calls a tool that shall fail, and gives what it says. */
  const refused = Effect.fnUntraced(function* (name: string, args: Json = {}) {
    const message = yield* call(name, args)
    if (message.error !== undefined) return message.error.message
    const { content, isError } = yield* Effect.orDie(decodeResult(message.result))
    assert.strictEqual(isError, true, content[0]?.text)
    return content[0]?.text ?? ""
  })
  /** Says goodbye, and asserts that nothing but the protocol was on standard output. */
  const leave = Effect.gen(function* () {
    running.child.stdin?.end()
    const outcome = yield* running.outcome
    for (const line of outcome.stdout.split("\n").slice(0, -1)) yield* Effect.orDie(decode(line))
    assert.isTrue(outcome.stdout === "" || outcome.stdout.endsWith("\n"))
    return outcome
  })
  return { ...running, write, say, begin, request, call, ask, refused, others: Queue.take(others), leave }
})

/** Starts the server and shakes hands. */
export const connect = Effect.fnUntraced(function* (options: Options = {}) {
  const agent = yield* start(options)
  const { result } = yield* agent.request("initialize", {
    protocolVersion: options.protocolVersion ?? "2025-11-25",
    capabilities: options.capabilities ?? {},
    clientInfo: { name: "test", version: "1" }
  })
  yield* agent.say({ method: "notifications/initialized" })
  return { ...agent, greeting: result ?? {} }
})
