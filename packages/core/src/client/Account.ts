/** What Meta tells about a business account, its numbers, its subscriptions, its templates and its access token. */
import type * as DateTime from "effect/DateTime"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { BusinessAccountId, PhoneNumberId, TemplateId } from "../domain/Ids.ts"

/** What Meta says of an access token. Meta page: "Access Token Debugger". */
export interface Token {
  readonly isValid: boolean
  /** The app that it was made for. */
  readonly appId?: string
  /** As in `SYSTEM_USER`, or `USER`, which is the kind that lives for hours. */
  readonly type?: string
  /** Absent: it does not expire. */
  readonly expiresAt?: DateTime.Utc
  readonly issuedAt?: DateTime.Utc
  /** The permissions, as in `whatsapp_business_messaging`. */
  readonly scopes: ReadonlyArray<string>
  /** Permissions that hold for some objects only, by the name of the permission. */
  readonly targets: ReadonlyMap<string, ReadonlyArray<string>>
  /** Why it is not valid, in Meta's words. */
  readonly problem?: string
}

/** What Meta thinks of whether messages can be sent. Meta page: "Messaging Health Status". */
export interface Health {
  /** `AVAILABLE`, `LIMITED` or `BLOCKED`. */
  readonly canSend: string
  readonly entities: ReadonlyArray<HealthEntity>
}

export interface HealthEntity {
  /** `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP`, and what Meta adds. */
  readonly type: string
  readonly id?: string
  readonly canSend: string
  readonly errors: ReadonlyArray<{
    readonly code?: number
    readonly description?: string
    readonly solution?: string
  }>
}

/** A number of the business. Values in capitals are Meta's, which adds to them. Meta page: "Phone Numbers". */
export interface BusinessNumber {
  readonly id: PhoneNumberId
  readonly displayPhoneNumber?: string
  readonly verifiedName?: string
  /** `CONNECTED`, `PENDING`, `FLAGGED`, `RESTRICTED`, `BANNED`, … */
  readonly status?: string
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`. */
  readonly qualityRating?: string
  /** `VERIFIED`, `NOT_VERIFIED`, `EXPIRED`. */
  readonly verificationStatus?: string
  /** `APPROVED`, `AVAILABLE_WITHOUT_REVIEW`, `DECLINED`, `EXPIRED`, `PENDING_REVIEW`, `NONE`. */
  readonly nameStatus?: string
  /** `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE`. */
  readonly platform?: string
  /** `LIVE` or `SANDBOX`. */
  readonly mode?: string
  /** `STANDARD` (80 messages a second), `HIGH` (1000), `NOT_APPLICABLE`. */
  readonly throughput?: string
  /** Where its deliveries go: the first of these that there is. */
  readonly callbacks: { readonly number?: string; readonly account?: string; readonly app?: string }
  readonly health?: Health
  /** The node as Meta gave it. */
  readonly raw: Schema.JsonObject
}

/** A WhatsApp Business Account. Meta page: "WhatsApp Business Account". */
export interface Account {
  readonly id: BusinessAccountId
  readonly name?: string
  /** As in `USD`. */
  readonly currency?: string
  /** Two letters. */
  readonly country?: string
  /** `APPROVED`, `PENDING`, `REJECTED`, … */
  readonly reviewStatus?: string
  /** Of the business: `verified`, `not_verified`, … */
  readonly verificationStatus?: string
  /** How messages are paid for; absent when there is no payment method. */
  readonly fundingId?: string
  readonly health?: Health
  /** The node as Meta gave it. */
  readonly raw: Schema.JsonObject
}

/** An app that gets the deliveries of the account. */
export interface SubscribedApp {
  readonly id?: string
  readonly name?: string
  /** Where they go, instead of to the callback of the app. */
  readonly overrideCallbackUrl?: string
}

/** What an app is sent, whatever the account. Meta page: "Webhooks > Subscriptions". */
export interface AppSubscription {
  /** `whatsapp_business_account` for what concerns WhatsApp. */
  readonly object: string
  readonly callbackUrl?: string
  readonly isActive: boolean
  /** The names of the fields, as in `messages`. */
  readonly fields: ReadonlyArray<string>
}

/** Where deliveries shall go. */
export interface Callback {
  /** An https URL of at most 200 characters, which must answer the handshake at once. */
  readonly url: string
  /** What the handshake shows. */
  readonly verifyToken: Redacted.Redacted
}

/** The app whose subscriptions are meant, and what it is known by. */
export interface App {
  readonly appId: string
  readonly appSecret: Redacted.Redacted
}

/** Which server answered. */
export interface Server {
  /** The version that served the call, which is an older or newer one when the version asked for is gone. */
  readonly apiVersion?: string
  /** The time that it was there, to the second. */
  readonly time?: DateTime.Utc
}

/** A template of the account. `Template.DescriptionFromNode` reads `raw`. Meta page: "Message templates". */
export interface AccountTemplate {
  readonly id: TemplateId
  readonly name: string
  /** As approved: `en` is not `en_US`. */
  readonly language: string
  /** `AUTHENTICATION`, `MARKETING`, `UTILITY`. */
  readonly category?: string
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, … */
  readonly status?: string
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`. */
  readonly quality?: string
  /** Why it was rejected; absent, or `NONE`, when it was not. */
  readonly rejectedReason?: string
  /** The node as Meta gave it. */
  readonly raw: Schema.JsonObject
}

/** Which templates are listed. What is absent does not matter. */
export interface TemplateFilter {
  /** Exactly this name. */
  readonly name?: string | undefined
  readonly language?: string | undefined
  /** In capitals, as in `APPROVED`. */
  readonly status?: string | undefined
  /** In capitals, as in `UTILITY`. */
  readonly category?: string | undefined
}

/** A template that Meta has taken for review. */
export interface CreatedTemplate {
  readonly id: TemplateId
  /** `PENDING`, mostly; `APPROVED` or `REJECTED` when Meta decided at once. */
  readonly status?: string
  /** What Meta takes it for, which may differ from what was asked. */
  readonly category?: string
}

export interface DeletedTemplate {
  readonly name: string
  /** Only the language that has this id. @default all languages of the name */
  readonly id?: string | undefined
}
