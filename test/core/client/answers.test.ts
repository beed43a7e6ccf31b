import { assert, describe, it } from "@effect/vitest"
import { fromMetaCode, lookUp, type WhatsAppError } from "@effect-whatsapp/core/errors"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Message } from "@effect-whatsapp/core/message"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Duration, Effect, Ref, Schema } from "effect"
import { HttpClientResponse } from "effect/http"
import { documented, subcodes, wrapped, wrappers } from "../errors/documented.ts"
import * as Graph from "./graph.ts"

const to = "+39 340 123 4567"
const hi = Message.text("hi")

interface Answer {
  readonly status: number
  readonly error: object
  readonly headers?: Record<string, string>
}

/** Sends, each of which is refused with the answer that it is given. */
const refusals = Effect.gen(function* () {
  const next = yield* Ref.make<Answer>({ status: 500, error: {} })
  const { whatsapp } = yield* Graph.make((request) =>
    Effect.map(Ref.get(next), ({ error, headers, status }) =>
      HttpClientResponse.fromWeb(request, new Response(JSON.stringify({ error }), { status, ...present(headers) }))
    )
  )
  return Effect.fnUntraced(function* (answer: Answer, message: Message = hi) {
    yield* Ref.set(next, answer)
    return yield* Effect.flip(whatsapp.send(to, message, { callbackData: "key" }))
  })
})
const present = (headers: Record<string, string> | undefined) => (headers === undefined ? {} : { headers })

/** Every code, and every subcode under each code that it may come with. */
const pairs: ReadonlyArray<readonly [code: number, subcode: number | undefined]> = [
  ...documented.map(([code]) => [code, undefined] as const),
  ...subcodes.map(([code, subcode]) => [code, subcode] as const),
  ...wrapped.flatMap((subcode) => wrappers.map((code) => [code, subcode] as const))
]

const anyText = Schema.Literals(["", "why", "(#100) Invalid parameter", "\u0000\u001b[31m"])
const anything = Schema.Union([anyText, Schema.Null, Schema.Finite, Schema.Array(Schema.Finite)])

/** What may stand beside the code, in every form that Meta, or somebody in between, may choose. */
const Beside = Schema.Struct({
  message: Schema.optionalKey(anything),
  type: Schema.optionalKey(anything),
  error_data: Schema.optionalKey(Schema.Union([Schema.Struct({ details: anything }), Schema.Struct({}), anything])),
  error_user_title: Schema.optionalKey(anything),
  error_user_msg: Schema.optionalKey(anything),
  is_transient: Schema.optionalKey(Schema.Union([Schema.Boolean, anything])),
  href: Schema.optionalKey(anything),
  fbtrace_id: Schema.optionalKey(anything)
})
const HttpStatus = Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })).check(
  Schema.makeFilter((status: number) => ![204, 205, 304].includes(status), { expected: "a status with a body" })
)

const assertMeans = ({ advice, reason, verdict }: WhatsAppError, code: number, subcode: number | undefined) => {
  const row = lookUp(code, subcode)
  assert.deepStrictEqual([reason._tag, verdict, advice], [row.reason, row.verdict, row.advice], `${code}/${subcode}`)
  if (!("code" in reason)) return assert.fail("it is not Meta's")
  assert.deepStrictEqual([reason.code, reason.subcode], [code, subcode])
  return assert.notStrictEqual(reason.details, "")
}

describe("an answer with an error of Meta's", () => {
  it.effect(
    "means what the table says, for every code and every subcode under every code that it comes with",
    Effect.fn(function* () {
      const refuse = yield* refusals
      for (const [code, subcode] of pairs) {
        const error = yield* refuse({ status: 400, error: { code, error_subcode: subcode } })
        assertMeans(error, code, subcode)
        assert.strictEqual(error.reason.details, error.advice, "nothing else is said")
        const isKey = error.reason._tag === "ServerError"
        assert.strictEqual(error.callbackData, isKey ? "key" : undefined)
      }
    }),
    60_000
  )
  it.effect.prop(
    "means it whatever the HTTP status, and whatever stands beside the code",
    [Schema.Literals(Array.from(pairs.keys())), HttpStatus, Beside, Schema.Boolean],
    Effect.fn(function* ([index, status, beside, asText]) {
      const [code, subcode] = pairs[index] ?? assert.fail("no such pair")
      const spelled = (value: number | undefined) => (asText && value !== undefined ? String(value) : value)
      const refuse = yield* refusals
      const error = { ...beside, code: spelled(code), error_subcode: spelled(subcode) }
      assertMeans(yield* refuse({ status, error }), code, subcode)
    }),
    { arbitrary: { runs: 300 }, timeout: 60_000 }
  )
})

it("a failed status maps through the same table, and is never ambiguous", () => {
  const codes = documented.map(([code]) => code)
  const errors = codes.map((code) => ({ code, title: "t", message: "m", error_data: { details: `why ${code}` } }))
  const [first] = fromDelivery(DeliveryDigest.make("digest"), Delivery.status("wamid.1", "failed", { errors }))
  const event = first?.event._tag === "StatusUpdate" ? first.event : assert.fail("it is no status")
  const reasons = event.errors.map(({ code, details }) => fromMetaCode(code, { details, isRepeatable: true }))
  assert.deepStrictEqual(
    reasons.map(({ _tag, advice, details }) => [_tag, advice, details]),
    codes.map((code) => [lookUp(code).reason, lookUp(code).advice, `why ${code}`])
  )
  assert.deepStrictEqual(
    reasons.filter(({ verdict }) => verdict._tag === "Ambiguous"),
    []
  )
})

describe("the time at which calls are allowed again", () => {
  const usage = (...minutes: ReadonlyArray<Schema.Json>) =>
    JSON.stringify({
      "330011220044556": minutes.map((estimated_time_to_regain_access) => ({
        type: "whatsapp_business_management",
        call_count: 100,
        total_cputime: 1,
        total_time: 1,
        estimated_time_to_regain_access
      }))
    })
  const waits = Effect.fnUntraced(function* (value: string, code: number, subcode?: number) {
    const refuse = yield* refusals
    const headers = { "X-Business-Use-Case-Usage": value }
    const { verdict } = yield* refuse({ status: 400, error: { code, error_subcode: subcode }, headers })
    return verdict._tag === "After" ? Duration.toMinutes(verdict.duration) : verdict._tag
  })

  it.effect.each([[4], [17], [80007], [80008], [4, 2446079], [17, 2446079], [80007, 2446079]] as const)(
    "is the wait of a throttled call: %j",
    Effect.fn(function* ([code, subcode]) {
      assert.strictEqual(yield* waits(usage(7), code, subcode), 7)
    })
  )
  it.effect.each([
    [usage(3, 12, 0), 12],
    [usage("5"), 5],
    [usage(0.2), 1],
    [usage(61), 60],
    [usage(1e300), 60],
    [
      JSON.stringify({ "1": [{ estimated_time_to_regain_access: 2 }], "2": [{ estimated_time_to_regain_access: 4 }] }),
      4
    ]
  ] as const)(
    "is the longest that is named, at most an hour: %j",
    Effect.fn(function* ([value, minutes]) {
      assert.strictEqual(yield* waits(value, 80007), minutes)
    })
  )
  it.effect.each([
    usage(),
    usage(0),
    usage(-5),
    usage(null),
    usage("soon"),
    usage({ minutes: 5 }),
    usage(true),
    JSON.stringify({ "1": [{ type: "ads_management", estimated_time_to_regain_access: 30 }] }),
    JSON.stringify({ "1": { estimated_time_to_regain_access: 30 } }),
    JSON.stringify([{ estimated_time_to_regain_access: 30 }]),
    `{"1":[{"estimated_time_to_regain_access":1e999}]}`,
    `{"1":[null,7,"x",[]]}`,
    `{"1":`,
    "",
    "null",
    "7",
    '{"a":'.repeat(100_000),
    `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`
  ])(
    "is a minute when nothing sane is said",
    Effect.fn(function* (value) {
      assert.strictEqual(yield* waits(value, 80007), 1)
    })
  )
  it.effect(
    "says nothing about other codes",
    Effect.fn(function* () {
      const refuse = yield* refusals
      const headers = { "x-business-use-case-usage": usage(7) }
      for (const [code, subcode] of pairs) {
        const row = lookUp(code, subcode)
        if (row.isHinted === true) continue
        const { verdict } = yield* refuse({ status: 400, error: { code, error_subcode: subcode }, headers })
        assert.deepStrictEqual(verdict, row.verdict)
      }
    }),
    60_000
  )
})

describe("what an error says", () => {
  const text = "a private matter"
  const phones = ["393401234567", "+39 340 123-4567", "(039) 340.123.4567"]
  const odd = ["\u2028", "\u202e", "\ud800", "\u0007"]
  const Parts = Schema.Array(Schema.Union([Schema.Literals([Graph.token, text, ...phones, ...odd]), Schema.String]))

  it.effect.prop(
    "holds no token, message, phone number and control character, and is short",
    [Parts, Parts],
    Effect.fn(function* (parts) {
      const refuse = yield* refusals
      const [one, other] = [parts[0].join(" "), parts[1].join(" ")]
      for (const error of [
        { error_data: { details: one }, fbtrace_id: other },
        { error_data: one, fbtrace_id: other },
        { error_user_msg: one, message: other },
        { message: one, fbtrace_id: one }
      ]) {
        const { reason } = yield* refuse({ status: 400, error: { code: 100, ...error } }, Message.text(text))
        for (const said of [reason.details, "fbtraceId" in reason ? (reason.fbtraceId ?? "") : ""]) {
          for (const secret of [Graph.token, text, "3401234567", "340 123-4567", "340.123.4567"]) {
            assert.notInclude(said, secret)
          }
          assert.notMatch(said, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
          assert.isAtMost(said.length, 500)
          assert.isTrue(said.isWellFormed())
        }
      }
    }),
    60_000
  )
  it.effect(
    "is found in a huge answer too",
    Effect.fn(function* () {
      const refuse = yield* refusals
      for (const huge of ["1".repeat(900_000), "1(".repeat(450_000), `${"1 ".repeat(5)}${"(".repeat(900_000)}a`]) {
        const { reason } = yield* refuse({ status: 400, error: { code: 100, message: huge } })
        assert.strictEqual(reason._tag, "InvalidParameter")
        assert.isAtMost(reason.details.length, 500)
      }
    })
  )
})
