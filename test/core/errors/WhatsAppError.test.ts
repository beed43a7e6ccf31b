import { assert, describe, it } from "@effect/vitest"
import { fromMetaCode, graphCodes, InvalidMessage, lookUp, Verdict, WhatsAppError } from "@effect-whatsapp/core/errors"
import { Duration, Effect, Schema } from "effect"

describe("the table of codes", () => {
  const entries = Object.entries(graphCodes).map(([code, row]) => [Number(code), row] as const)

  it.each(entries)("%i has a reason that carries the code, a verdict and advice", (code, row) => {
    const reason = fromMetaCode(code, { details: "why", fbtraceId: "Az8x" })
    assert.strictEqual(reason._tag, row.reason)
    assert.deepStrictEqual(reason.verdict, row.verdict)
    assert.deepStrictEqual([reason.code, reason.details, reason.fbtraceId], [code, "why", "Az8x"])
    assert.match(row.advice, /^[A-Z].*\.$/)
  })

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

  it("calls 200 to 299 permissions", () => {
    for (let code = 200; code < 300; code++) assert.strictEqual(lookUp(code).reason, "PermissionDenied")
    assert.strictEqual(lookUp(199).reason, "Rejected")
    assert.strictEqual(lookUp(300).reason, "Rejected")
  })
  it("waits a minute for an upgrade", () => {
    assert.deepStrictEqual(lookUp(131057).verdict, Verdict.cases.After.make({ duration: Duration.minutes(1) }))
  })
  it("reads the subcode where it changes the meaning", () => {
    assert.strictEqual(lookUp(100, 33).reason, "PermissionDenied")
    assert.strictEqual(lookUp(100, 2388103).reason, "InvalidParameter")
    assert.strictEqual(lookUp(4, 2446080).verdict._tag, "Never")
  })
  it("trusts is_transient only where the code says nothing, and then calls the outcome unknown", () => {
    assert.deepStrictEqual(
      [lookUp(999_999, undefined, true).reason, lookUp(999_999, undefined, true).verdict._tag],
      ["ServerError", "Ambiguous"]
    )
    assert.strictEqual(lookUp(131047, undefined, true).verdict._tag, "Never")
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

it("in a failed status nothing is ambiguous: the message did not arrive", () => {
  assert.strictEqual(fromMetaCode(131000, { isStatus: true }).verdict._tag, "Backoff")
  assert.strictEqual(fromMetaCode(131026, { isStatus: true }).verdict._tag, "Never")
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
      assert.deepStrictEqual([again.message, again.verdict._tag], [error.message, error.verdict._tag])
    })
  )
})
