/** Changes of the fields about a business account as events. */
import type * as Schema from "effect/Schema"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/Account.ts"
import { isJsonObject } from "../../wire/Json.ts"
import type { AccountUpdated } from "../account.ts"
import type { WhatsAppEvent } from "../WhatsAppEvent.ts"
import { changeOf } from "./change.ts"
import { type accountOf, type Decoder, readable } from "./decoder.ts"

const alerted = (value: typeof Wire.FlatAccountAlert.Type, account: ReturnType<typeof accountOf>): WhatsAppEvent => ({
  _tag: "AccountAlerted",
  ...account,
  alertType: value.alert_type,
  ...present({
    entityType: value.entity_type,
    entityId: value.entity_id,
    severity: value.alert_severity,
    status: value.alert_status,
    description: value.alert_description
  })
})

const decodeNested = changeOf(Wire.AccountAlert, ({ alert_info, ...entity }, account) =>
  alerted({ ...entity, ...alert_info }, account)
)
const decodeFlat = changeOf(Wire.FlatAccountAlert, alerted)

/** An alert; older samples have no `alert_info` around what it says. */
const decodeAlert: Decoder = (json, around) => (isFlat(json) ? decodeFlat : decodeNested)(json, around)

const isFlat = (json: Schema.Json | undefined): boolean =>
  isJsonObject(json) && (json.alert_info ?? null) === null && (json.alert_type ?? null) !== null

const decodeReview = changeOf(Wire.AccountReview, ({ decision }, account) => ({
  _tag: "AccountReviewed",
  ...account,
  decision
}))

const decodeUpdate = changeOf(Wire.AccountUpdate, (value, account) => {
  const { ban_info: ban, disconnection_info: disconnection, violation_info: violation } = value
  const needed = value.partner_client_certification_needed_info
  return {
    _tag: "AccountUpdated",
    ...account,
    event: value.event,
    restrictions: readable(value.restriction_info).map((it) =>
      present({ type: it.restriction_type, expiresAt: it.expiration, remediation: it.remediation })
    ),
    ...present({
      phoneNumber: value.phone_number,
      country: value.country,
      waba: wabaOf(value),
      violation: violation && present({ type: violation.violation_type, remediation: violation.remediation }),
      ban: ban && present({ state: ban.waba_ban_state, date: ban.waba_ban_date }),
      internationalRates: ratesOf(value),
      volumeTier: tierOf(value),
      disconnection:
        disconnection && present({ reason: disconnection.reason, initiatedBy: disconnection.initiated_by }),
      certification: certificationOf(value),
      certificationNeeded: needed && present({ clientBusinessId: needed.client_business_id })
    })
  }
})

const wabaOf = ({ waba_info: it }: Wire.AccountUpdate): AccountUpdated["waba"] =>
  it && {
    wabaId: it.waba_id,
    solutionPartnerBusinessIds: readable(it.solution_partner_business_ids),
    ...present({
      ownerBusinessId: it.owner_business_id,
      adAccountId: first(it.ad_account_id, it.ad_account_linked),
      partnerAppId: it.partner_app_id,
      solutionId: it.solution_id
    })
  }

const ratesOf = ({
  auth_international_rate_eligibility: it
}: Wire.AccountUpdate): AccountUpdated["internationalRates"] =>
  it && {
    exceptionCountries: readable(it.exception_countries).map((country) =>
      present({ countryCode: country.country_code, startTime: country.start_time })
    ),
    ...present({ startTime: it.start_time })
  }

const tierOf = ({ volume_tier_info: it }: Wire.AccountUpdate): AccountUpdated["volumeTier"] =>
  it &&
  present({
    updatedAt: it.tier_update_time,
    pricingCategory: it.pricing_category,
    tier: it.tier,
    effectiveMonth: it.effective_month,
    region: it.region
  })

const certificationOf = ({
  partner_client_certification_info: it
}: Wire.AccountUpdate): AccountUpdated["certification"] =>
  it && {
    rejectionReasons: readable(it.rejection_reasons),
    ...present({ clientBusinessId: it.client_business_id, status: it.status })
  }

const decodeCapability = changeOf(Wire.BusinessCapability, (value, account) => ({
  _tag: "BusinessCapabilityChanged",
  ...account,
  ...present({
    maxDailyConversationsPerBusiness: value.max_daily_conversations_per_business,
    maxDailyConversationsPerPhone: value.max_daily_conversation_per_phone,
    maxPhoneNumbersPerBusiness: value.max_phone_numbers_per_business,
    maxPhoneNumbersPerWaba: value.max_phone_numbers_per_waba
  })
}))

/** By field. */
export const accountDecoders = {
  account_alerts: decodeAlert,
  account_review_update: decodeReview,
  account_update: decodeUpdate,
  business_capability_update: decodeCapability
}
