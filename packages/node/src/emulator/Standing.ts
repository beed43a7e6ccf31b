/**
 * How everything that a business has at Meta stands: its tokens, numbers, account and subscriptions. What is left out
 * is in order, so a test names the one thing that is wrong.
 */
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"

/** An access token. */
export interface TokenStanding {
  /** `USER` is the temporary token of the dashboard. @default "SYSTEM_USER" */
  readonly type?: "SYSTEM_USER" | "USER" | "PAGE" | (string & {})
  /** From then on every call is refused with 190, subcode 463. @default never */
  readonly expiresAt?: DateTime.DateTime.Input
  /** When the access to data ends, as `debug_token` tells it; no call is refused for it. @default never */
  readonly dataAccessExpiresAt?: DateTime.DateTime.Input
  /** `false` when it was revoked: every call is refused with 190, subcode 467. @default true */
  readonly isValid?: boolean
  /** What it may do. @default ["whatsapp_business_management", "whatsapp_business_messaging"] */
  readonly scopes?: ReadonlyArray<string>
  /** The accounts that it opens; without that of the business every object is unknown to it. @default that of the business */
  readonly accounts?: ReadonlyArray<string>
  /** The app that it belongs to. @default the `appId` of the emulator */
  readonly appId?: string
}

/** What may be sent, as `health_status` tells it. */
export interface Health {
  /** @default "AVAILABLE" */
  readonly canSendMessage?: "AVAILABLE" | "LIMITED" | "BLOCKED"
  /** @default none */
  readonly errors?: ReadonlyArray<{
    readonly code: number
    readonly description: string
    readonly solution: string
  }>
}

/** A number of the business. Words are Meta's; any may be given, as the lists are open. */
export interface NumberStanding {
  /** @default "Emulated Business" */
  readonly verifiedName?: string
  /** `PENDING`, `FLAGGED`, `RESTRICTED`, `DISCONNECTED`, …; `health_status` follows unless `health` says otherwise. @default "CONNECTED" */
  readonly status?: string
  /** `GREEN`, `YELLOW`, `RED` or `UNKNOWN`. @default "GREEN" */
  readonly qualityRating?: string
  /** @default "VERIFIED" */
  readonly codeVerificationStatus?: string
  /** @default "APPROVED" */
  readonly nameStatus?: string
  /** `ON_PREMISE` and `NOT_APPLICABLE` are the others. @default "CLOUD_API" */
  readonly platformType?: string
  /** `STANDARD` is 80 messages a second, `HIGH` 1000. @default "STANDARD" */
  readonly throughput?: string
  /** @default "LIVE" */
  readonly accountMode?: string
  /** How many people may be written to in 24 hours. @default "TIER_2K" */
  readonly messagingLimit?: string
  /** Whether two-step verification is on. @default true */
  readonly isPinEnabled?: boolean
  /** @default false */
  readonly isOfficialBusinessAccount?: boolean
  /** Where deliveries of this number go in place of the account's or the app's callback URL. @default none */
  readonly callbackUrl?: string
  /** @default follows `status` */
  readonly health?: Health
}

/** The account that the numbers belong to. */
export interface AccountStanding {
  /** @default "Emulated Business" */
  readonly name?: string
  /** @default "USD" */
  readonly currency?: string
  /** Meta's number of the time zone. @default "1" */
  readonly timezoneId?: string
  /** @default "US" */
  readonly country?: string
  /** `APPROVED`, `PENDING` or `REJECTED`. @default "APPROVED" */
  readonly accountReviewStatus?: string
  /** @default "verified" */
  readonly businessVerificationStatus?: string
  /** @default "SELF" */
  readonly ownershipType?: string
  /** @default a fixed one */
  readonly messageTemplateNamespace?: string
  /** The method of payment; `null` when there is none, and then Meta leaves the field out. @default a fixed id */
  readonly primaryFundingId?: string | null
  /** How many templates there may be. @default 6000 */
  readonly templateLimit?: number
  /** @default follows the method of payment and the verification */
  readonly health?: Health
}

/** What the app hears of. Its own callback URL is `webhookUrl`. */
export interface SubscriptionStanding {
  /** Whether the app is subscribed to the account (`/{waba-id}/subscribed_apps`). @default true */
  readonly isSubscribed?: boolean
  /** The webhook fields that the app is subscribed to (`/{app-id}/subscriptions`). @default every field */
  readonly fields?: ReadonlyArray<string>
  /** @default true */
  readonly isActive?: boolean
  /** Where deliveries of the account go in place of the app's callback URL. @default none */
  readonly callbackUrl?: string
}

/** The server that answers. */
export interface ServerStanding {
  /** The version in `facebook-api-version`, as `v22.0` for a call to a version that is gone. @default the version asked for */
  readonly servedVersion?: string
  /** How far the clock in the header `date` is ahead; a negative one is behind. @default 0 */
  readonly clockAhead?: Duration.Input
}

/** How Meta deals with templates. */
export interface TemplateStanding {
  /** How a new or edited template stands at once. @default "PENDING" */
  readonly review?: "PENDING" | "APPROVED" | "REJECTED"
  /**
   * Which pages of a list come: full ones; with half of what was asked for; or with an empty page, which has a `next`,
   * between any two. Meta may send all of these. @default "full"
   */
  readonly pages?: "full" | "short" | "withEmpty"
}
