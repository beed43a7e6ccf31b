import { assert, describe, it } from "@effect/vitest"
import { type GraphCode, graphCodes, graphReasons, graphSubcodes, lookUp, Verdict } from "@effect-whatsapp/core/errors"
import { Duration, Schema } from "effect"
import { documented, type Retry, subcodes, wrapped, wrappers } from "./documented.ts"

const never = Verdict.cases.Never.make({})
const backoff = Verdict.cases.Backoff.make({})
const ambiguous = Verdict.cases.Ambiguous.make({})
const after = (duration: Duration.Input) => Verdict.cases.After.make({ duration: Duration.fromInputUnsafe(duration) })

/** What the table may say, by what Meta says. */
const allowed: { readonly [_ in Retry]: ReadonlyArray<Verdict> } = {
  never: [never],
  // On a send nobody knows whether trouble came before or after the message was accepted.
  server: [ambiguous],
  seconds: [backoff],
  pair: [backoff],
  // Hours or days, as the details say: nothing to wait for in a loop, and a guess more makes it worse.
  stated: [never],
  minute: [after("1 minute")],
  "5 minutes": [after("5 minutes")],
  "10 minutes": [after("10 minutes")],
  "72 hours": [never],
  hours: [never],
  day: [never],
  call: [backoff]
}

const assertAllowed = ({ verdict }: GraphCode, retry: Retry) =>
  assert.isTrue(
    allowed[retry].some((one) => Schema.toEquivalence(Verdict)(one, verdict)),
    `${retry} and ${verdict._tag}`
  )

describe("the table of codes", () => {
  it.each(documented)("knows %i, and is as careful as Meta's page: %s", (code, retry) => {
    const row = lookUp(code)
    assert.isTrue(code === 299 || code in graphCodes)
    assertAllowed(row, retry)
  })
  it.each(subcodes)("knows %i with subcode %i: %s", (code, subcode, retry) => {
    const row = lookUp(code, subcode)
    assert.notStrictEqual(row, lookUp(code))
    assertAllowed(row, retry)
  })

  it("has no code that nobody documents", () => {
    const known = new Set(documented.map(([code]) => code))
    assert.deepStrictEqual(
      Object.keys(graphCodes).filter((code) => !known.has(Number(code))),
      []
    )
    const pairs = new Set(subcodes.map(([code, subcode]) => `${code}/${subcode}`))
    assert.deepStrictEqual(
      Object.keys(graphSubcodes).filter((pair) => !pairs.has(pair)),
      []
    )
  })
  it("advises in one sentence", () => {
    for (const { advice } of [...Object.values(graphCodes), ...Object.values(graphSubcodes), lookUp(-1)]) {
      assert.match(advice, /^[A-Z][^.]*\.$/)
      assert.isBelow(advice.length, 100)
    }
  })
  it("leads to every reason", () => {
    const led = new Set(Object.values(graphCodes).map(({ reason }) => reason))
    assert.deepStrictEqual(Array.from(led).toSorted(), Object.keys(graphReasons).toSorted())
  })

  describe("finds codes of template management, numbers and sign-up", () => {
    for (const code of wrapped) {
      it.each(wrappers)(`${code} as the subcode of %i`, (wrapper) => {
        assert.strictEqual(lookUp(wrapper, code), lookUp(code))
      })
    }
  })
  it("lets a code of WhatsApp's own say what it means, whatever the subcode", () => {
    assert.strictEqual(lookUp(131056, 2494100), lookUp(131056))
    assert.strictEqual(lookUp(80007, 2388019), lookUp(80007))
  })
  it("lets no subcode say that a message was refused, where the code leaves it open", () => {
    const subcodes = Object.keys(graphCodes).map(Number)
    for (const code of [...subcodes, 987_654]) {
      if (lookUp(code, undefined, true).verdict._tag !== "Ambiguous") continue
      for (const subcode of [...subcodes, 1349174, 2446079]) {
        assert.deepStrictEqual(lookUp(code, subcode, true).verdict, ambiguous, `${code}/${subcode}`)
      }
    }
  })
  it("has no pair that weakens a code that leaves it open", () => {
    for (const [pair, { verdict }] of Object.entries(graphSubcodes)) {
      const [code, subcode] = pair.split("/").map(Number)
      if (lookUp(code ?? 0).verdict._tag === "Ambiguous") assert.deepStrictEqual(verdict, ambiguous, String(subcode))
    }
  })
  it("takes no low subcode for a code", () => {
    assert.strictEqual(lookUp(100, 190), lookUp(100))
    assert.strictEqual(lookUp(987_654, 10).reason, "Rejected")
  })
  it("calls 200 to 299 permissions", () => {
    for (let code = 200; code < 300; code++) assert.strictEqual(lookUp(code).reason, "PermissionDenied")
    assert.strictEqual(lookUp(199).reason, "Rejected")
    assert.strictEqual(lookUp(300).reason, "Rejected")
  })
  it("trusts is_transient only where code and subcode say nothing, and then calls the outcome unknown", () => {
    assert.deepStrictEqual(
      [lookUp(999_999, undefined, true).reason, lookUp(999_999, undefined, true).verdict],
      ["ServerError", ambiguous]
    )
    assert.strictEqual(lookUp(131047, undefined, true).verdict, lookUp(131047).verdict)
  })
})
