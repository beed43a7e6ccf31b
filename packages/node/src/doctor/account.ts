/** The business account: known, approved, able to pay, and heard of by the app. */
import * as Effect from "effect/Effect"
import { type Check, failure, ok, skipped, warning } from "./Check.ts"
import { blocked } from "./health.ts"
import { Meta } from "./Meta.ts"
import { asked, refused } from "./refused.ts"
import { idOf } from "./variables.ts"

const known: Check = {
  id: "account.known",
  right: "the token opens the account",
  why: "Templates, subscription and payment are the account's.",
  isRemote: true,
  needs: ["token.management", "token.account", idOf("WHATSAPP_BUSINESS_ACCOUNT_ID")],
  run: Effect.flatMap(Meta, ({ account }) =>
    asked(
      account,
      ({ id }) => ok(`the token opens the account ${id}`),
      "Take WHATSAPP_BUSINESS_ACCOUNT_ID from App dashboard › WhatsApp › API setup."
    )
  )
}

const review: Check = {
  id: "account.review",
  right: "Meta has approved the account",
  why: "An account that was rejected sends nothing; one that waits sends little.",
  isRemote: true,
  needs: ["account.known"],
  run: Effect.flatMap(Meta, ({ account }) =>
    asked(account, ({ reviewStatus }) => {
      if (reviewStatus === undefined) return skipped("Meta does not tell")
      if (reviewStatus === "APPROVED") return ok("APPROVED")
      const mend = "See Business settings › Accounts › WhatsApp accounts: wait for the review, or appeal."
      return (reviewStatus === "REJECTED" ? failure : warning)(`the review of the account is ${reviewStatus}`, mend)
    })
  )
}

const isVerified = (status: string | undefined) => status?.toLowerCase() === "verified"

const verification: Check = {
  id: "account.verification",
  right: "the business is verified",
  why: "A business that is not verified may write to few people a day, and has two numbers at most.",
  isRemote: true,
  needs: ["account.known"],
  run: Effect.flatMap(Meta, ({ account }) =>
    asked(account, ({ verificationStatus }) => {
      if (verificationStatus === undefined) return skipped("Meta does not tell")
      return isVerified(verificationStatus)
        ? ok("verified")
        : warning(
            `the verification of the business is ${verificationStatus}`,
            "Verify it in Business settings › Security centre."
          )
    })
  )
}

const payment: Check = {
  id: "account.payment",
  right: "the account has a payment method",
  why: "Without one, templates that cost something are refused.",
  isRemote: true,
  needs: ["account.known"],
  run: Effect.flatMap(Meta, ({ account }) =>
    asked(account, ({ fundingId }) =>
      fundingId === undefined
        ? warning("the account has no payment method", "Add one in WhatsApp Manager › Overview › Payment settings.")
        : ok("it has a payment method")
    )
  )
}

/** Meta's codes in a health status. */
const noPayment = 141006
const notVerified = 141010

const health: Check = {
  id: "account.health",
  right: "Meta says that account, business and app can send",
  why: "It is Meta's own summary of what holds an account back.",
  isRemote: true,
  needs: ["account.review"],
  run: Effect.flatMap(Meta, ({ account }) =>
    asked(account, ({ fundingId, health, verificationStatus }) =>
      blocked(
        health,
        (type) => type !== "PHONE_NUMBER",
        (code) =>
          (code === noPayment && fundingId === undefined) || (code === notVerified && !isVerified(verificationStatus))
      )
    )
  )
}

const subscribed: Check = {
  id: "account.subscribed",
  right: "the app is subscribed to the account",
  why: "Otherwise Meta delivers nothing, and says nothing about it.",
  isRemote: true,
  needs: ["account.known"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const found = yield* Effect.result(Effect.all([meta.subscribedApps, meta.appId]))
    if (found._tag === "Failure") return refused(found.failure)
    const [apps, appId] = found.success
    if (appId === undefined) return skipped("it is not known which app it is")
    return apps.some(({ id }) => id === appId)
      ? ok(`the app ${appId} is subscribed`)
      : failure(`the app ${appId} is not subscribed to the account`, "Run: effect-whatsapp doctor --fix")
  }),
  fix: {
    will: Effect.succeed("subscribe the app to the account"),
    run: Effect.flatMap(Meta, ({ subscribe }) => subscribe)
  }
}

export const checks: ReadonlyArray<Check> = [known, review, verification, payment, health, subscribed]
