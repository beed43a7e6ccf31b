/** What happens to a business account and its numbers, mostly by decision of Meta. */
import * as Schema from "effect/Schema"
import { BusinessAccountId, PhoneNumberId } from "../domain/Ids.ts"
import { account, raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)
const number = Schema.optionalKey(Schema.Finite)
const instant = Schema.optionalKey(Schema.DateTimeUtcFromString)

/** Meta has something to say about a business, one of its numbers or a profile. */
export const AccountAlerted = Schema.TaggedStruct("AccountAlerted", {
  ...account,
  /** What the alert is about: `BUSINESS`, `PHONE_NUMBER`, or `CURRENT_STATUS_ID` for a profile. */
  entityType: text,
  entityId: text,
  /**
   * `INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED`, `INCREASED_CAPABILITIES_ELIGIBILITY_FAILED`,
   * `INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO`, `OBA_APPROVED`, `OBA_REJECTED` or `PROFILE_PICTURE_LOST`, and
   * what Meta adds.
   */
  alertType: Schema.String,
  /** `CRITICAL`, `WARNING` or `INFORMATIONAL`. */
  severity: text,
  /** `ACTIVE` or `NONE`. */
  status: text,
  /** For people; Meta may leave placeholders in it. */
  description: text,
  ...raw
})
export type AccountAlerted = typeof AccountAlerted.Type

/** Meta decided whether the business account meets its policies. */
export const AccountReviewed = Schema.TaggedStruct("AccountReviewed", {
  ...account,
  /** `APPROVED`, `REJECTED`, `PENDING` or `DEFERRED`. */
  decision: Schema.String,
  ...raw
})
export type AccountReviewed = typeof AccountReviewed.Type

/** The business account that a partner's event is about. */
export const SharedAccount = Schema.Struct({
  wabaId: BusinessAccountId,
  /** The portfolio that owns it. */
  ownerBusinessId: text,
  adAccountId: text,
  partnerAppId: text,
  solutionId: text,
  solutionPartnerBusinessIds: Schema.Array(Schema.String)
})
export type SharedAccount = typeof SharedAccount.Type

/** What the account may not do for a time. */
export const AccountRestriction = Schema.Struct({
  /**
   * `RESTRICTED_ADD_PHONE_NUMBER_ACTION`, `RESTRICTED_BIZ_INITIATED_MESSAGING`,
   * `RESTRICTED_CUSTOMER_INITIATED_MESSAGING`, `RESTRICTED_BUSINESS_INITIATED_CALLING`,
   * `RESTRICTED_USER_INITIATED_CALLING`, `RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN`,
   * `RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING`, `RESTRICTED_UTILITY_TEMPLATES` or
   * `RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES`, and what Meta adds.
   */
  type: text,
  expiresAt: instant,
  /** What lifts it, in words. */
  remediation: text
})
export type AccountRestriction = typeof AccountRestriction.Type

/** Since when the account pays international rates for authentication, and where from another day on. */
export const InternationalRates = Schema.Struct({
  startTime: instant,
  exceptionCountries: Schema.Array(Schema.Struct({ countryCode: text, startTime: instant }))
})
export type InternationalRates = typeof InternationalRates.Type

/** The price tier that the volume of a month led to. */
export const VolumeTier = Schema.Struct({
  updatedAt: instant,
  /** `MARKETING`, `UTILITY` or `AUTHENTICATION`. */
  pricingCategory: text,
  /** From how many messages to how many, as in `25000000:50000000`. */
  tier: text,
  /** As in `2026-03`. */
  effectiveMonth: text,
  region: text
})
export type VolumeTier = typeof VolumeTier.Type

/** The business account was restricted, banned, shared with a partner, disconnected or deleted: `event` says which. */
export const AccountUpdated = Schema.TaggedStruct("AccountUpdated", {
  ...account,
  /**
   * `ACCOUNT_DELETED`, `ACCOUNT_OFFBOARDED`, `ACCOUNT_RECONNECTED`, `ACCOUNT_RESTRICTION`, `ACCOUNT_VIOLATION`,
   * `AD_ACCOUNT_LINKED`, `AUTH_INTL_PRICE_ELIGIBILITY_UPDATE`, `BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE`,
   * `DISABLED_UPDATE`, `MM_LITE_TERMS_SIGNED`, `PARTNER_ADDED`, `PARTNER_APP_INSTALLED`, `PARTNER_APP_UNINSTALLED`,
   * `PARTNER_CLIENT_CERTIFICATION_NEEDED`, `PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE`, `PARTNER_REMOVED`,
   * `VERIFIED_ACCOUNT` or `VOLUME_BASED_PRICING_TIER_UPDATE`, and what Meta adds.
   */
  event: Schema.String,
  phoneNumber: text,
  /** Where the business says that it mainly is, as in `DE`. */
  country: text,
  /** For partners: the account that the event is about, because `businessAccountId` is then the partner's portfolio. */
  waba: Schema.optionalKey(SharedAccount),
  /** Which rule the account broke, as in `ADULT`, and what would help, in words. */
  violation: Schema.optionalKey(Schema.Struct({ type: text, remediation: text })),
  restrictions: Schema.Array(AccountRestriction),
  /** The state is `DISABLE`, `REINSTATE` or `SCHEDULE_FOR_DISABLE`; the date is a text for people: `April 17, 2025`. */
  ban: Schema.optionalKey(Schema.Struct({ state: text, date: text })),
  internationalRates: Schema.optionalKey(InternationalRates),
  volumeTier: Schema.optionalKey(VolumeTier),
  /**
   * Why a number of the Business app is no longer connected: `ACCOUNT_DISCONNECTED`, `BUSINESS_DOWNGRADE`,
   * `CHANGE_NUMBER`, `COMPANION_INACTIVITY`, `PRIMARY_INACTIVITY` or `USER_RE_REGISTERED`, by `SYSTEM` or `USER`.
   */
  disconnection: Schema.optionalKey(Schema.Struct({ reason: text, initiatedBy: text })),
  /** How the certification of a partner's client goes: `APPROVED`, `DISCARDED`, `FAILED`, `PENDING` or `REVOKED`. */
  certification: Schema.optionalKey(
    Schema.Struct({ clientBusinessId: text, status: text, rejectionReasons: Schema.Array(Schema.String) })
  ),
  /** A client whom the partner has to have certified. */
  certificationNeeded: Schema.optionalKey(Schema.Struct({ clientBusinessId: text })),
  ...raw
})
export type AccountUpdated = typeof AccountUpdated.Type

/** The business may write to more or fewer people, or have more or fewer numbers, than before. */
export const BusinessCapabilityChanged = Schema.TaggedStruct("BusinessCapabilityChanged", {
  ...account,
  /** A number, or `TIER_250`, `TIER_2K`, `TIER_10K`, `TIER_100K` or `TIER_UNLIMITED`. */
  maxDailyConversationsPerBusiness: text,
  /** The older limit; -1 is unlimited. */
  maxDailyConversationsPerPhone: number,
  maxPhoneNumbersPerBusiness: number,
  maxPhoneNumbersPerWaba: number,
  ...raw
})
export type BusinessCapabilityChanged = typeof BusinessCapabilityChanged.Type

/** Most fields name a number by its digits and not by its id. */
const ofNumber = { ...account, displayPhoneNumber: text }

/** Meta decided about the name that customers are to see. */
export const PhoneNumberNameReviewed = Schema.TaggedStruct("PhoneNumberNameReviewed", {
  ...ofNumber,
  /** `APPROVED`, `REJECTED`, `PENDING` or `DEFERRED`. */
  decision: Schema.String,
  requestedName: text,
  /**
   * `NAME_EMPLOYEE_ISSUE`, `NAME_ENDCLIENT_NOTRELATED`, `NAME_FORMAT_UNACCEPTABLE`, `NAME_INDIVIDUAL_ISSUE`,
   * `NAME_NOT_CONSISTENT` or `UNKNOWN`.
   */
  rejectionReason: text,
  ...raw
})
export type PhoneNumberNameReviewed = typeof PhoneNumberNameReviewed.Type

/** A number may write to more or fewer people than before, or faster. */
export const PhoneNumberQualityChanged = Schema.TaggedStruct("PhoneNumberQualityChanged", {
  ...ofNumber,
  /** `ONBOARDING`, `THROUGHPUT_UPGRADE` or `FLAGGED`, and what Meta adds. */
  event: Schema.String,
  /**
   * `TIER_NOT_SET`, `TIER_50`, `TIER_250`, `TIER_2K`, `TIER_10K`, `TIER_100K` or `TIER_UNLIMITED`; formerly `TIER_1K`.
   * Meta takes it and `oldLimit` away in favour of `maxDailyConversationsPerBusiness`.
   */
  currentLimit: text,
  oldLimit: text,
  maxDailyConversationsPerBusiness: text,
  ...raw
})
export type PhoneNumberQualityChanged = typeof PhoneNumberQualityChanged.Type

/** The PIN of a number's two-step verification was changed, or somebody asks to reset it. */
export const PhoneNumberPinChanged = Schema.TaggedStruct("PhoneNumberPinChanged", {
  ...ofNumber,
  /** `PIN_CHANGED`, `PIN_RESET_REQUEST` or `PIN_REQUEST_SUCCESS`; formerly `PIN_RESET_SUCCESS`. */
  event: Schema.String,
  /** Who asks to reset it. */
  requester: text,
  ...raw
})
export type PhoneNumberPinChanged = typeof PhoneNumberPinChanged.Type

/** The username of a business was approved, reserved or deleted. */
export const BusinessUsernameChanged = Schema.TaggedStruct("BusinessUsernameChanged", {
  ...ofNumber,
  /** Missing when it was deleted. */
  username: text,
  /** `approved`, `reserved` or `deleted`. */
  status: Schema.String,
  ...raw
})
export type BusinessUsernameChanged = typeof BusinessUsernameChanged.Type

/** The settings of a number were changed, by anyone: the program itself too. */
export const NumberSettingsChanged = Schema.TaggedStruct("NumberSettingsChanged", {
  ...account,
  phoneNumberId: PhoneNumberId,
  /** `PHONE_NUMBER_SETTINGS`, and what Meta adds. */
  type: Schema.String,
  /** The calling settings as Meta writes them: `status`, `call_icon_visibility`, `call_hours`, `sip`, and so on. */
  calling: Schema.optionalKey(Schema.JsonObject),
  ...raw
})
export type NumberSettingsChanged = typeof NumberSettingsChanged.Type

/** What happens to a business account and its numbers, told apart by `_tag`. */
export const AccountEvent = Schema.Union([
  AccountAlerted,
  AccountReviewed,
  AccountUpdated,
  BusinessCapabilityChanged,
  PhoneNumberNameReviewed,
  PhoneNumberQualityChanged,
  PhoneNumberPinChanged,
  BusinessUsernameChanged,
  NumberSettingsChanged
]).pipe(Schema.toTaggedUnion("_tag"))
export type AccountEvent = typeof AccountEvent.Type
