/** Who hears of what, and where: the app's callback URL, and what stands in its place for the account or a number. */
import * as Result from "effect/Result"
import type { MetaOptions } from "../CloudApiEmulator.ts"
import type { Attempt, Part } from "../Delivery.ts"

/** What decides where a delivery goes. */
export interface Route {
  readonly field: string
  readonly phoneNumberId: string | undefined
}

export type Destination = Result.Result<string, Extract<Attempt["failure"], "NoWebhookUrl" | "NotSubscribed">>

export type Subscriptions = ReturnType<typeof make>

/** Everything that an app can subscribe to. */
export const allFields: ReadonlyArray<string> = [
  "account_alerts",
  "account_review_update",
  "account_settings_update",
  "account_update",
  "automatic_events",
  "business_capability_update",
  "business_status_update",
  "business_username_updates",
  "calls",
  "campaign_status_update",
  "consumer_profile",
  "flows",
  "group_lifecycle_update",
  "group_participants_update",
  "group_settings_update",
  "group_status_update",
  "history",
  "message_echoes",
  "message_template_components_update",
  "message_template_quality_update",
  "message_template_status_update",
  "messages",
  "messaging_handovers",
  "partner_solutions",
  "payment_configuration_update",
  "phone_number_name_update",
  "phone_number_quality_update",
  "security",
  "smb_app_state_sync",
  "smb_message_echoes",
  "standby",
  "template_category_update",
  "template_correct_category_detection",
  "template_performance_metrics",
  "tracking_events",
  "user_preferences"
]

/** Only these go to the URL of an account or a number; the others always go to that of the app. */
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

export const make = (options: MetaOptions) => {
  const { subscription } = options
  let callbackUrl = options.webhookUrl === undefined ? undefined : callback(options.webhookUrl)
  /** Absent for every field, also those that Meta will only think of. */
  let fields = subscription?.fields === undefined ? undefined : new Set(subscription.fields)
  let isActive = subscription?.isActive ?? true
  let isSubscribed = subscription?.isSubscribed ?? true
  let ofAccount = subscription?.callbackUrl
  const ofNumbers = new Map<string, string>()
  for (const { phoneNumberId, standing } of options.numbers) {
    const url = standing?.callbackUrl ?? options.number?.callbackUrl
    if (url !== undefined) ofNumbers.set(phoneNumberId, url)
  }

  const destinationOf = ({ field, phoneNumberId }: Route): Destination => {
    if (!isSubscribed || !isActive || fields?.has(field) === false) return Result.fail("NotSubscribed")
    const override = overridable.has(field) ? (ofNumbers.get(phoneNumberId ?? "") ?? ofAccount) : undefined
    const url = override ?? callbackUrl
    return url === undefined ? Result.fail("NoWebhookUrl") : Result.succeed(url)
  }

  return {
    destinationOf,
    callbackUrl: () => callbackUrl,
    setCallbackUrl: (url: string): void => {
      callbackUrl = callback(url)
    },
    fields: (): ReadonlyArray<string> => (fields === undefined ? allFields : Array.from(fields)),
    isActive: () => isActive,
    subscribeApp: (url: string, wanted: ReadonlyArray<string>): void => {
      callbackUrl = callback(url)
      fields = new Set(wanted)
      isActive = true
    },
    /** Without fields, of everything. */
    unsubscribeApp: (unwanted: ReadonlyArray<string> | undefined): void => {
      const left = unwanted === undefined ? [] : fields === undefined ? allFields : Array.from(fields)
      fields = new Set(left.filter((field) => unwanted?.includes(field) !== true))
      if (fields.size === 0) callbackUrl = undefined
    },
    isSubscribed: () => isSubscribed,
    ofAccount: () => ofAccount,
    subscribe: (override: string | undefined): void => {
      isSubscribed = true
      ofAccount = override
    },
    unsubscribe: (): void => {
      isSubscribed = false
      ofAccount = undefined
    },
    ofNumber: (phoneNumberId: string) => ofNumbers.get(phoneNumberId),
    setOfNumber: (phoneNumberId: string, url: string | undefined): void => {
      if (url === undefined) ofNumbers.delete(phoneNumberId)
      else ofNumbers.set(phoneNumberId, url)
    }
  }
}

/** Where a part goes. */
export const routeOf = (part: Part): Route =>
  "field" in part
    ? { field: part.field, phoneNumberId: numberIn(part.value) }
    : { field: "messages", phoneNumberId: part.phoneNumberId }

const numberIn = (value: unknown): string | undefined => {
  const id = memberOf(memberOf(value, "metadata"), "phone_number_id")
  return typeof id === "string" ? id : undefined
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && key in value ? Reflect.get(value, key) : undefined

/** Whether something can be posted there; Meta itself takes https alone. */
export const isCallback = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** A URL that nothing can be posted to is a mistake of the program. */
const callback = (text: string): string => {
  if (isCallback(text)) return text
  throw new TypeError("The webhook URL must be http or https")
}
