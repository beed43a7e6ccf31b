/** The number: known, of the account, connected, and in good standing. */
import type { Account } from "@effect-whatsapp/core/client"
import * as Effect from "effect/Effect"
import { type Check, failure, ok, type Outcome, skipped, warning } from "./Check.ts"
import { blocked } from "./health.ts"
import { Meta } from "./Meta.ts"
import { asked, refused } from "./refused.ts"
import { idOf } from "./variables.ts"

const manager = "WhatsApp Manager › Phone numbers"

const known: Check = {
  id: "number.known",
  right: "the token opens the number",
  why: "Nothing can be sent from it.",
  isRemote: true,
  needs: ["token.messaging", "token.management", "token.account", idOf("WHATSAPP_PHONE_NUMBER_ID")],
  run: Effect.flatMap(Meta, ({ number }) =>
    asked(
      number,
      ({ id }) => ok(`the token opens the number ${id}`),
      "Take WHATSAPP_PHONE_NUMBER_ID from App dashboard › WhatsApp › API setup, of the account that the token opens."
    )
  )
}

const ofAccount: Check = {
  id: "number.account",
  right: "the number belongs to the account",
  why: "What is subscribed, paid and approved for one account is not so for another.",
  isRemote: true,
  needs: ["number.known", "account.known"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const found = yield* Effect.result(Effect.all([meta.number, meta.numbers]))
    if (found._tag === "Failure") return refused(found.failure)
    const [{ id }, ids] = found.success
    return ids.includes(id)
      ? ok("it is one of the account's numbers")
      : failure(
          `the number ${id} is none of the account's`,
          "Correct WHATSAPP_BUSINESS_ACCOUNT_ID or WHATSAPP_PHONE_NUMBER_ID: both stand in API setup."
        )
  })
}

interface Reading {
  readonly name: string
  readonly right: string
  readonly why: string
  /** Meta's word, if it says one. */
  readonly word: (number: Account.BusinessNumber) => string | undefined
  readonly good: ReadonlyArray<string>
  /** What is worse than a warning; `"others"` is everything but what is named. @default nothing */
  readonly bad?: ReadonlyArray<string> | { readonly allBut: ReadonlyArray<string> }
  readonly mend: string
}

const isBad = (word: string, bad: Reading["bad"] = []) =>
  "allBut" in bad ? !bad.allBut.includes(word) : bad.includes(word)

/** A check of one word that Meta says of the number. */
const reading = ({ bad, good, mend, name, right, why, word }: Reading): Check => ({
  id: `number.${name}`,
  right,
  why,
  isRemote: true,
  needs: ["number.known"],
  run: Effect.flatMap(Meta, ({ number }) =>
    asked(number, (it): Outcome => {
      const found = word(it)
      if (found === undefined) return skipped("Meta does not tell")
      if (good.includes(found)) return ok(found)
      return (isBad(found, bad) ? failure : warning)(`Meta says ${found}`, mend)
    })
  )
})

const readings: ReadonlyArray<Reading> = [
  {
    name: "status",
    right: "the number is connected",
    why: "Only a connected number sends and receives.",
    word: ({ status }) => status,
    good: ["CONNECTED"],
    bad: { allBut: ["CONNECTED", "FLAGGED", "RESTRICTED", "RATE_LIMITED"] },
    mend: `Look at ${manager}: register the number if it is pending, and read there why it is held back.`
  },
  {
    name: "platform",
    right: "the number is on the Cloud API",
    why: "From any other platform the Cloud API cannot send.",
    word: ({ platform }) => platform,
    good: ["CLOUD_API"],
    bad: ["ON_PREMISE", "NOT_APPLICABLE"],
    mend: "Register the number: POST /{phone-number-id}/register with its PIN."
  },
  {
    name: "mode",
    right: "the number is a real one",
    why: "Meta's test number sends to five people only.",
    word: ({ mode }) => mode,
    good: ["LIVE"],
    mend: "Add a number of your own before customers are to be written to."
  },
  {
    name: "quality",
    right: "people do not block or report the number",
    why: "With low quality Meta lowers how many people may be written to, and pauses templates.",
    word: ({ qualityRating }) => qualityRating,
    good: ["GREEN", "UNKNOWN", "NA"],
    mend: `Send less of what people did not ask for; ${manager} shows why they block.`
  },
  {
    name: "throughput",
    right: "the number has a throughput",
    why: "It says how many messages a second Meta takes: 80, or 1000.",
    word: ({ throughput }) => throughput,
    good: ["STANDARD", "HIGH"],
    mend: "Register the number: it has no throughput as long as it is not on the Cloud API."
  },
  {
    name: "name",
    right: "the display name is approved",
    why: "Without an approved name people see the number alone, and few may be written to.",
    word: ({ nameStatus }) => nameStatus,
    good: ["APPROVED", "AVAILABLE_WITHOUT_REVIEW"],
    bad: ["DECLINED"],
    mend: `See ${manager}: wait for the review, or hand in another name.`
  },
  {
    name: "verification",
    right: "the number is verified",
    why: "Only who has shown that the number is theirs can register it.",
    word: ({ verificationStatus }) => verificationStatus,
    // The proof expires after two weeks; a number that was registered in time stays so.
    good: ["VERIFIED", "EXPIRED"],
    mend: "Ask for a code, by POST /{phone-number-id}/request_code or in WhatsApp Manager, and enter it."
  }
]

const health: Check = {
  id: "number.health",
  right: "Meta says that the number can send",
  why: "It is Meta's own summary of what holds a number back.",
  isRemote: true,
  needs: ["number.status"],
  run: Effect.flatMap(Meta, ({ number }) =>
    asked(number, ({ health }) => blocked(health, (type) => type === "PHONE_NUMBER"))
  )
}

export const checks: ReadonlyArray<Check> = [known, ofAccount, ...readings.map(reading), health]
