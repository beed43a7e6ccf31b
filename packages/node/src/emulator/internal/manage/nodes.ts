/** A number and an account, as Graph's nodes. */
import type * as Schema from "effect/Schema"
import type { BusinessNumber } from "../../CloudApiEmulator.ts"
import type { AccountStanding, Health, NumberStanding } from "../../Standing.ts"
import { compact, type Fields } from "../envelope.ts"
import type { World } from "../graph.ts"
import type { Node } from "./fields.ts"

/** The name of the app. */
export const application = "Emulated App"

const business = "880011220033445"

type CanSend = NonNullable<Health["canSendMessage"]>

interface Entity {
  readonly type: "PHONE_NUMBER" | "WABA" | "BUSINESS" | "APP"
  readonly id: string
  readonly health: Health
}

const payment = {
  code: 141006,
  description: "There is an error with the payment method. This will block business initiated conversations.",
  solution: "Add a valid payment method to the account."
}

const verification = {
  code: 141010,
  description: "The business has not passed business verification.",
  solution: "Complete business verification, or keep to the limits of a business that is not verified."
}

const review = {
  code: 141014,
  description: "The account has not been approved.",
  solution: "Wait for the review of the account, or appeal."
}

const disconnected = {
  code: 141000,
  description: "The number is not connected.",
  solution: "Register the number, or see in WhatsApp Manager why it was taken offline."
}

const accountOf = (account: AccountStanding): Health => {
  if (account.health !== undefined) return account.health
  if ((account.accountReviewStatus ?? "APPROVED") !== "APPROVED") return { canSendMessage: "BLOCKED", errors: [review] }
  return account.primaryFundingId === null ? { canSendMessage: "LIMITED", errors: [payment] } : {}
}

const businessOf = (account: AccountStanding): Health =>
  (account.businessVerificationStatus ?? "verified") === "verified"
    ? {}
    : { canSendMessage: "LIMITED", errors: [verification] }

const numberOf = ({ health, status = "CONNECTED" }: NumberStanding): Health =>
  health ?? (status === "CONNECTED" ? {} : { canSendMessage: "BLOCKED", errors: [disconnected] })

const health = (entities: ReadonlyArray<Entity>): Schema.JsonObject => {
  const all = new Set<CanSend>(entities.map((one) => one.health.canSendMessage ?? "AVAILABLE"))
  const worst = (["BLOCKED", "LIMITED"] as const).find((one) => all.has(one)) ?? "AVAILABLE"
  return {
    can_send_message: worst,
    entities: entities.map(({ health: { canSendMessage = "AVAILABLE", errors = [] }, id, type }) =>
      compact({
        entity_type: type,
        id,
        can_send_message: canSendMessage,
        errors:
          errors.length === 0
            ? undefined
            : errors.map(({ code, description, solution }) => ({
                error_code: code,
                error_description: description,
                possible_solution: solution
              }))
      })
    )
  }
}

const around = (world: World): ReadonlyArray<Entity> => {
  const account = world.options.account ?? {}
  return [
    { type: "WABA", id: world.options.businessAccountId, health: accountOf(account) },
    { type: "BUSINESS", id: business, health: businessOf(account) },
    { type: "APP", id: world.tokens.appId, health: {} }
  ]
}

/** `version` is the one that answers. */
export const number = (world: World, one: BusinessNumber, version: string): Node => {
  const standing: NumberStanding = { ...world.options.number, ...one.standing }
  const status = standing.status ?? "CONNECTED"
  const quality = standing.qualityRating ?? "GREEN"
  const { subscriptions } = world
  const limit = standing.messagingLimit ?? "TIER_2K"
  const id = one.phoneNumberId
  return {
    type: "WhatsAppBusinessPhoneNumber",
    fields: {
      id,
      // Meta puts spaces and hyphens in, by the country.
      display_phone_number: `+${one.displayPhoneNumber.replace(/^\+/, "")}`,
      verified_name: standing.verifiedName ?? "Emulated Business",
      status,
      quality_rating: quality,
      quality_score: { score: quality },
      code_verification_status: standing.codeVerificationStatus ?? "VERIFIED",
      name_status: standing.nameStatus ?? "APPROVED",
      new_name_status: "NONE",
      platform_type: standing.platformType ?? "CLOUD_API",
      throughput: { level: standing.throughput ?? "STANDARD" },
      account_mode: standing.accountMode ?? "LIVE",
      health_status: health([{ type: "PHONE_NUMBER", id, health: numberOf(standing) }, ...around(world)]),
      is_official_business_account: standing.isOfficialBusinessAccount ?? false,
      is_on_biz_app: false,
      is_pin_enabled: standing.isPinEnabled ?? true,
      last_onboarded_time: "2026-01-12T09:30:00+0000",
      webhook_configuration: compact({
        phone_number: subscriptions.ofNumber(id),
        whatsapp_business_account: subscriptions.ofAccount(),
        application: subscriptions.callbackUrl()
      }),
      messaging_limit_tier: limit,
      ...(isFrom(version, 24) ? { whatsapp_business_manager_messaging_limit: limit } : {}),
      conversational_automation: undefined,
      search_visibility: "VISIBLE",
      username: undefined,
      country_dial_code: undefined,
      host_platform: undefined,
      certificate: undefined
    }
  }
}

/** Without `fields`. */
export const usualOfNumber = [
  "verified_name",
  "code_verification_status",
  "display_phone_number",
  "quality_rating",
  "platform_type",
  "throughput",
  "last_onboarded_time",
  "webhook_configuration",
  "id"
]

export const account = (world: World): Node => {
  const standing = world.options.account ?? {}
  return {
    type: "WhatsAppBusinessAccount",
    fields: {
      id: world.options.businessAccountId,
      name: standing.name ?? "Emulated Business",
      currency: standing.currency ?? "USD",
      timezone_id: standing.timezoneId ?? "1",
      country: standing.country ?? "US",
      account_review_status: standing.accountReviewStatus ?? "APPROVED",
      business_verification_status: standing.businessVerificationStatus ?? "verified",
      message_template_namespace: standing.messageTemplateNamespace ?? "5f1c2e6a_0b44_4f0e_9a51_6d1f3c9b7a20",
      primary_funding_id:
        standing.primaryFundingId === null ? undefined : (standing.primaryFundingId ?? "770011220033446"),
      ownership_type: standing.ownershipType ?? "SELF",
      health_status: health(around(world)),
      owner_business_info: { id: business, name: standing.name ?? "Emulated Business" },
      on_behalf_of_business_info: undefined,
      purchase_order_number: undefined,
      status: "ACTIVE",
      is_enabled_for_insights: true,
      marketing_messages_onboarding_status: "ELIGIBLE",
      marketing_messages_lite_api_status: "ELIGIBLE"
    }
  }
}

/** Without `fields`. */
export const usualOfAccount = ["id", "name", "timezone_id", "message_template_namespace"]

/** The app, as the list of those that hear of the account names it. */
export const app = (world: World): Fields => {
  const id = world.tokens.appId
  return { id, name: application, link: `https://www.facebook.com/games/?app_id=${id}` }
}

const isFrom = (version: string, major: number): boolean => Number(/^v(\d+)/.exec(version)?.[1] ?? 0) >= major
