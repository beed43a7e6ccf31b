import { assert, describe, it } from "@effect/vitest"
import { fromMetaCode, InvalidMessage, lookUp, NoAnswer, Reason, WhatsAppError } from "@effect-whatsapp/core/errors"
import { Effect, Schema } from "effect"

describe("a code of Meta's", () => {
  // Promised by the documentation of each reason.
  it.each([
    [0, "AuthenticationFailed", "Never"],
    [190, "AuthenticationFailed", "Never"],
    [10, "PermissionDenied", "Never"],
    [131005, "PermissionDenied", "Never"],
    [4, "RateLimited", "After"],
    [80007, "RateLimited", "After"],
    [130429, "RateLimited", "Backoff"],
    [131056, "PairRateLimited", "Backoff"],
    [131057, "Upgrading", "After"],
    [131047, "WindowClosed", "Never"],
    [131026, "Undeliverable", "Never"],
    [131030, "RecipientNotAllowed", "Never"],
    [131049, "MarketingHeldBack", "Never"],
    [132000, "TemplateParameterMismatch", "Never"],
    [132012, "TemplateParameterMismatch", "Never"],
    [132018, "TemplateParameterMismatch", "Never"],
    [132001, "TemplateNotFound", "Never"],
    [132015, "TemplatePaused", "Never"],
    [132016, "TemplateDisabled", "Never"],
    [100, "InvalidParameter", "Never"],
    [131008, "InvalidParameter", "Never"],
    [131009, "InvalidParameter", "Never"],
    [131053, "MediaFailed", "Never"],
    [131031, "AccountRestricted", "Never"],
    [131042, "AccountNotReady", "Never"],
    [1, "ServerError", "Ambiguous"],
    [2, "ServerError", "Ambiguous"],
    [131000, "ServerError", "Ambiguous"],
    [131016, "ServerError", "Ambiguous"],
    [133004, "ServerError", "Ambiguous"]
  ])("%i is %s, %s", (code, reason, verdict) => {
    const { _tag, verdict: found } = fromMetaCode(code)
    assert.deepStrictEqual([_tag, found._tag], [reason, verdict])
  })
})

it.effect.prop(
  "an unknown code stays visible and is never sent again",
  [Schema.Int.check(Schema.isGreaterThan(3_000_000))],
  ([code]) =>
    Effect.sync(() => {
      const reason = fromMetaCode(code, { subcode: 7 })
      assert.deepStrictEqual(
        [reason._tag, reason.code, reason.subcode, reason.verdict._tag],
        ["Rejected", code, 7, "Never"]
      )
    })
)

describe("where a second try does no harm", () => {
  it("nothing is ambiguous", () => {
    assert.strictEqual(fromMetaCode(131000, { isRepeatable: true }).verdict._tag, "Backoff")
    assert.strictEqual(fromMetaCode(987_654, { isRepeatable: true, isTransient: true }).verdict._tag, "Backoff")
    assert.strictEqual(new NoAnswer({ details: "d" }).verdict._tag, "Backoff")
  })
  it("what is refused stays refused, and a wait stays a wait", () => {
    for (const code of [131026, 131057, 130429]) {
      assert.deepStrictEqual(fromMetaCode(code, { isRepeatable: true }).verdict, lookUp(code).verdict)
    }
  })
})

describe("a WhatsAppError", () => {
  const closed = new WhatsAppError({
    method: "WhatsAppClient.send",
    reason: fromMetaCode(131047, { details: "too late" })
  })

  it.effect(
    "is recovered by its reason",
    Effect.fn(function* () {
      const recovered = yield* Effect.fail(closed).pipe(
        Effect.catchReason("WhatsAppError", "WindowClosed", (reason) => Effect.succeed(reason.code))
      )
      assert.strictEqual(recovered, 131047)
    })
  )
  it.effect(
    "passes by handlers of other reasons",
    Effect.fn(function* () {
      const error = yield* Effect.fail(closed).pipe(
        Effect.catchReason("WhatsAppError", "RateLimited", () => Effect.succeed("waited")),
        Effect.flip
      )
      assert.strictEqual(error, closed)
    })
  )
  it("tells what was called, the reason, and why", () => {
    assert.strictEqual(closed.message, "WhatsAppClient.send: WindowClosed, too late")
  })
  it("has the verdict of its reason", () => {
    assert.strictEqual(closed.verdict._tag, "Never")
    const invalid = new WhatsAppError({
      method: "m",
      reason: new InvalidMessage({ field: "text", details: "text: too long" })
    })
    assert.strictEqual(invalid.verdict._tag, "Never")
  })
  it.effect.prop(
    "survives JSON",
    [WhatsAppError],
    Effect.fn(function* ([error]) {
      const codec = Schema.fromJsonString(Schema.toCodecJson(WhatsAppError))
      const again = yield* Schema.decodeEffect(codec)(yield* Schema.encodeEffect(codec)(error))
      assert.deepStrictEqual(
        [again.message, again.verdict._tag, again.advice, again.callbackData],
        [error.message, error.verdict._tag, error.advice, error.callbackData]
      )
    })
  )
  it("gives advice that is written nowhere but in the table, and is found again by code and subcode", () => {
    const codec = Schema.toCodecJson(WhatsAppError)
    for (const [code, subcode] of [
      [131047, undefined],
      [190, 463],
      [100, 2388040],
      [133016, undefined],
      [987_654, undefined]
    ] as const) {
      const error = new WhatsAppError({ method: "m", reason: fromMetaCode(code, { subcode, details: "why" }) })
      const encoded = Schema.encodeSync(codec)(error)
      assert.notInclude(JSON.stringify(encoded), lookUp(code, subcode).advice)
      const { advice, verdict } = lookUp(code, subcode)
      const again = Schema.decodeSync(codec)(encoded)
      assert.deepStrictEqual([again.advice, again.verdict], [advice, verdict])
    }
  })
  it("advises on a code that nobody knows by what was said of it", () => {
    const passing = fromMetaCode(987_654, { isTransient: true, details: "why" })
    assert.strictEqual(passing.advice, lookUp(987_654, undefined, true).advice)
    assert.notStrictEqual(passing.advice, fromMetaCode(987_654).advice)
  })
  it.effect.prop("has advice whatever its reason", [Reason], ([reason]) =>
    Effect.sync(() => {
      const error = new WhatsAppError({ method: "m", reason })
      assert.match(error.advice, /^[A-Z].*\.$/)
      assert.strictEqual(error.advice, reason.advice)
    })
  )
})
