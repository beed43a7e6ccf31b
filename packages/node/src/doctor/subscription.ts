/** What Meta tells the app: every field that the listeners of the project need, at the place where they hear it. */
import { metaFields, type Tag } from "@effect-whatsapp/core/events"
import * as Effect from "effect/Effect"
import { findListeners } from "../project/listeners.ts"
import { type Check, failure, ok, type Outcome, warning } from "./Check.ts"
import { Meta } from "./Meta.ts"
import { asked, refused } from "./refused.ts"
import { Setup } from "./Setup.ts"

const dashboard = "App dashboard › WhatsApp › Configuration › Webhook fields"

const active: Check = {
  id: "webhook.subscription",
  right: "the app has an active subscription to WhatsApp accounts",
  why: "Without it Meta delivers nothing to this app.",
  isRemote: true,
  needs: ["app.secret"],
  run: Effect.flatMap(Meta, ({ app }) =>
    asked(app, ({ subscriptions }): Outcome => {
      const mend = `Enter the callback URL and subscribe to fields in ${dashboard}.`
      if (subscriptions.length === 0) return failure("the app is subscribed to nothing", mend)
      return subscriptions.some(({ isActive }) => isActive)
        ? ok("it is active")
        : failure("the subscription of the app is not active", mend)
    })
  )
}

/** Meta's documents name it, and nobody can subscribe to it: it comes with another field, or not at all. */
const unsubscribable: ReadonlySet<string> = new Set(["user_id_update"])

const fields: { readonly [tag: string]: ReadonlyArray<string> } = metaFields satisfies {
  readonly [T in Tag]: ReadonlyArray<string>
}

/** For each tag that listeners want, the fields of which one is enough. */
const wanted = Effect.gen(function* () {
  const { project } = yield* Setup
  const nothing = { listeners: [], hidden: [], problems: [], files: 0, isCutShort: false }
  const { hidden, listeners, problems } = yield* Effect.orElseSucceed(findListeners(project), () => nothing)
  const unread = [...listeners.filter(({ tags, wantsAll }) => !wantsAll && tags.length === 0), ...hidden, ...problems]
  const tags = new Set(listeners.flatMap(({ tags, wantsAll }) => (wantsAll ? ["TextReceived"] : tags)))
  // A bot that hears no message is none, whatever else it listens to.
  if (tags.size === 0) tags.add("TextReceived")
  return {
    count: listeners.length,
    /** Where listeners are, or may be, whose events cannot be known. */
    unread: Array.from(new Set(unread.map(({ file }) => file))),
    needs: Array.from(tags, (tag) => ({
      tag,
      any: (fields[tag] ?? []).filter((field) => !unsubscribable.has(field))
    })).filter(({ any }) => any.length > 0)
  }
})

const subscribed: Check = {
  id: "webhook.fields",
  right: "the app is subscribed to the fields that the listeners of the project need",
  why: "An event of any other field never comes, and nothing says that it does not.",
  isRemote: true,
  needs: ["webhook.subscription"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const { count, needs, unread } = yield* wanted
    const but = unread.length === 0 ? "" : `; not all that listeners want can be read in ${unread.join(", ")}`
    return yield* asked(meta.app, ({ subscriptions }) => {
      const has = new Set(subscriptions.flatMap(({ fields, isActive }) => (isActive ? fields : [])))
      const missing = needs.filter(({ any }) => !any.some((field) => has.has(field)))
      const names = Array.from(new Set(missing.map(({ any }) => any.join(" or "))))
      if (names.length === 0)
        return ok((count === 0 ? "it is subscribed to messages" : `it is, for ${count} listeners`) + but)
      return failure(
        `the app is not subscribed to ${names.join(", ")}` +
          (count === 0 ? "" : `, in which ${missing.map(({ tag }) => tag).join(", ")} come`),
        `Subscribe in ${dashboard}.`
      )
    })
  })
}

/** Deliveries of these go where an override says; of all others, always where the app says. */
const overridable: ReadonlySet<string> = new Set([
  "messages",
  "message_echoes",
  "calls",
  "consumer_profile",
  "messaging_handovers",
  "group_lifecycle_update",
  "group_participants_update",
  "group_settings_update",
  "group_status_update",
  "smb_message_echoes",
  "smb_app_state_sync",
  "history",
  "account_settings_update"
])

const overrides: Check = {
  id: "webhook.overrides",
  right: "no listener waits for what goes to another URL",
  why: "An override of the number or the account moves messages; what concerns templates and the account stays with the app's URL.",
  isRemote: true,
  needs: ["webhook.callback", "webhook.subscription"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const found = yield* Effect.result(Effect.all([meta.callback, meta.app]))
    if (found._tag === "Failure") return refused(found.failure)
    const [callback, { subscriptions }] = found.success
    if (callback === undefined || callback.by === "app") return ok("there is no override")
    const ofApp = subscriptions.find(({ isActive }) => isActive)?.callbackUrl
    const { needs } = yield* wanted
    const left = needs.filter(({ any }) => !any.some((field) => overridable.has(field))).map(({ tag }) => tag)
    if (left.length === 0 || ofApp === callback.url)
      return ok(`the override of the ${callback.by} moves all that is wanted`)
    return warning(
      `${left.join(", ")} come at the URL of the app, and messages at that of the ${callback.by}`,
      "Enter the same callback URL for the app, or take the override back."
    )
  })
}

export const checks: ReadonlyArray<Check> = [active, subscribed, overrides]
