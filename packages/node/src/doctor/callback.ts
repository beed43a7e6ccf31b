/** The URL that Meta delivers to: the right one, with Meta able to reach it, and a webhook behind it that does its part. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { defaultPath } from "../webhook/WebhookConfig.ts"
import { variables } from "../project/variables.ts"
import { type Check, failure, ok, type Outcome, type Services, skipped, warning } from "./Check.ts"
import { Meta } from "./Meta.ts"
import * as Probe from "./probe.ts"
import { refused } from "./refused.ts"
import { Setup } from "./Setup.ts"
import { idOf } from "./variables.ts"

/** A URL without what may be secret in it. */
const shown = (url: string): string => {
  const parsed = URL.parse(url)
  return parsed === null ? "a text that is no URL" : `${parsed.origin}${parsed.pathname}`
}

const isSame = (one: string, other: string) => (URL.parse(one)?.href ?? one) === (URL.parse(other)?.href ?? other)

const registerBy =
  "Run: effect-whatsapp doctor --fix --callback URL. Or enter it in App dashboard › WhatsApp › Configuration."

const registered: Check = {
  id: "webhook.callback",
  right: "the callback URL that Meta has is that of your webhook",
  why: "Deliveries go there and nowhere else.",
  isRemote: true,
  needs: ["number.known"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const { callback: expected, provider } = yield* Setup
    const found = yield* Effect.result(meta.callback)
    if (found._tag === "Failure") return refused(found.failure)
    if (found.success === undefined) return failure("Meta has no callback URL", registerBy)
    const { by, url } = found.success
    const where = `Meta delivers to ${shown(url)}, as the ${by} says`
    if (expected !== undefined) {
      return isSame(url, expected) ? ok(where) : failure(`${where}, and not to ${shown(expected)}`, registerBy)
    }
    const path = yield* Effect.orElseSucceed(variables.WHATSAPP_WEBHOOK_PATH.config.parse(provider), () => defaultPath)
    return URL.parse(url)?.pathname === path
      ? ok(where)
      : warning(
          `${where}, and the path of the webhook is ${path}`,
          "Unless a proxy rewrites it, correct the URL at Meta or WHATSAPP_WEBHOOK_PATH."
        )
  }),
  fix: {
    will: Effect.map(Setup, ({ callback }) => callback && `have Meta deliver to ${shown(callback)}`),
    run: Effect.gen(function* () {
      const { callback } = yield* Setup
      const { redirect } = yield* Meta
      if (callback !== undefined) yield* redirect(callback)
    })
  }
}

const isPrivate = (host: string) =>
  /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0$|\[(::1|f[cd]|fe80))/i.test(
    host
  ) || !/[.:]/.test(host)

/** What Meta could do with the URL. */
export const publicity = (url: string): Outcome => {
  const parsed = URL.parse(url)
  const mend = "Put the webhook behind a public name with a certificate that everybody trusts, or use a tunnel to try."
  if (parsed === null) return failure("the callback URL is no URL", mend)
  if (parsed.protocol !== "https:") return failure(`${shown(url)} is not https`, mend)
  return isPrivate(parsed.hostname)
    ? failure(`${parsed.hostname} is a name of this machine or network`, mend)
    : ok(`${shown(url)} is https, under a public name`)
}

/** The URL that was given, else the one that Meta has. */
const target = Effect.gen(function* () {
  const { callback: expected } = yield* Setup
  if (expected !== undefined) return expected
  const meta = yield* Meta
  return (yield* Effect.orElseSucceed(meta.callback, () => undefined))?.url
})

const unknown = skipped("no callback URL is known; give it with --callback")

/** Looks at the webhook, when it is known where it is. */
const atWebhook = <R extends Services>(look: (url: string) => Effect.Effect<Outcome, Probe.Unanswered, R>) =>
  Effect.gen(function* () {
    const url = yield* target
    if (url === undefined) return unknown
    return yield* look(url).pipe(
      Effect.catch(({ why }) => Effect.succeed(failure(`${shown(url)} does not answer: ${why}`, start)))
    )
  })

const start = "Start the webhook, and check that its port can be reached under that name."

const isMetas = (apiUrl: string) => /(^|\.)facebook\.com$/.test(URL.parse(apiUrl)?.hostname ?? "")

const open: Check = {
  id: "webhook.public",
  right: "Meta can call the callback URL",
  why: "Meta calls only https, from the internet, with a certificate that it trusts.",
  isRemote: true,
  needs: [idOf("WHATSAPP_API_URL")],
  run: Effect.gen(function* () {
    const { provider } = yield* Setup
    const apiUrl = yield* Effect.orElseSucceed(variables.WHATSAPP_API_URL.config.parse(provider), () => "")
    const url = yield* target
    if (url === undefined) return unknown
    return isMetas(apiUrl) ? publicity(url) : ok("WHATSAPP_API_URL is not Meta's, so any URL will do")
  })
}

const reachable: Check = {
  id: "webhook.reachable",
  right: "the callback URL answers, seen from this machine",
  why: "What does not answer gets nothing; after some days Meta stops trying.",
  isRemote: true,
  needs: [],
  run: atWebhook((url) =>
    Effect.map(Probe.touch(url), ({ status }) => {
      if (status === 404) {
        return failure(`${shown(url)} answers 404`, "Correct the path: WHATSAPP_WEBHOOK_PATH, or the URL at Meta.")
      }
      return status >= 500
        ? failure(`${shown(url)} answers ${status}`, "Start the webhook, or look into its log.")
        : ok(`${shown(url)} answers`)
    })
  )
}

const sameToken = "Give the webhook and Meta the same WHATSAPP_VERIFY_TOKEN, and start the webhook anew."

const handshake: Check = {
  id: "webhook.handshake",
  right: "the webhook answers Meta's handshake",
  why: "Meta takes a callback URL only after it.",
  isRemote: true,
  needs: ["webhook.reachable", idOf("WHATSAPP_VERIFY_TOKEN")],
  run: atWebhook((url) =>
    Effect.gen(function* () {
      const { provider } = yield* Setup
      const token = yield* Effect.option(variables.WHATSAPP_VERIFY_TOKEN.config.parse(provider))
      const { isRight, status } = yield* Probe.handshake(
        url,
        Option.getOrElse(token, () => Redacted.make(""))
      )
      if (isRight) return ok("it gives back the challenge")
      return status === 200
        ? failure("the webhook answers 200 with something else than the challenge", "Answer with the challenge alone.")
        : failure(`the webhook answers the handshake with ${status}`, sameToken)
    })
  )
}

const stranger: Check = {
  id: "webhook.stranger",
  right: "the webhook refuses a handshake with another token",
  why: "Otherwise anybody's app can be pointed at your webhook.",
  isRemote: true,
  needs: ["webhook.reachable"],
  run: atWebhook((url) =>
    Effect.gen(function* () {
      const token = Redacted.make(yield* Probe.randomToken)
      const { isRight, status } = yield* Probe.handshake(url, token)
      if (isRight) return failure("the webhook answers a handshake with any token", "Compare hub.verify_token.")
      return ok(`it answers ${status}`)
    })
  )
}

const sameSecret = "Give the webhook the same WHATSAPP_APP_SECRET as here, and start it anew."

const delivery: Check = {
  id: "webhook.delivery",
  right: "the webhook takes a delivery that is signed with each secret",
  why: "What is not answered with 200 is delivered again and again, and lost after a week.",
  isRemote: true,
  needs: ["webhook.reachable", idOf("WHATSAPP_APP_SECRET")],
  run: atWebhook((url) =>
    Effect.gen(function* () {
      const { provider } = yield* Setup
      const secrets = yield* Effect.orElseSucceed(variables.WHATSAPP_APP_SECRET.config.parse(provider), () => [])
      for (const [i, secret] of secrets.entries()) {
        const { status } = yield* Probe.deliver(url, secret)
        if (status === 200) continue
        const which = secrets.length === 1 ? "a signed delivery" : `a delivery signed with secret ${i + 1}`
        return status === 401 || status === 403
          ? failure(`the webhook refuses ${which} with ${status}`, sameSecret)
          : failure(`the webhook answers ${which} with ${status}`, "Look into its log.")
      }
      return ok("it answers 200")
    })
  )
}

const forgery: Check = {
  id: "webhook.forgery",
  right: "the webhook refuses a delivery with a wrong signature",
  why: "Otherwise anybody can write to you in the name of anybody.",
  isRemote: true,
  needs: ["webhook.reachable"],
  run: atWebhook((url) =>
    Effect.gen(function* () {
      const { status } = yield* Probe.deliver(url, Redacted.make(yield* Probe.randomToken))
      if (status === 401) return ok("it answers 401")
      return status >= 200 && status < 300
        ? failure(
            `the webhook takes a forged delivery (${status})`,
            "Check X-Hub-Signature-256 over the bytes of the body."
          )
        : warning(`the webhook answers a forged delivery with ${status}`, "Answer it with 401.")
    })
  )
}

export const checks: ReadonlyArray<Check> = [registered, open, reachable, handshake, stranger, delivery, forgery]
