/** The values of the fields about a business account, which are changes without a list. */
import * as Schema from "effect/Schema"
import { BusinessAccountId } from "../domain/Ids.ts"
import { lenient, lenientArray, Number, ownId, Text, UnixSeconds } from "./scalars.ts"

const AlertInfo = Schema.Struct({
  alert_type: Text,
  alert_severity: lenient(Text),
  alert_status: lenient(Text),
  alert_description: lenient(Text)
})

const entity = { entity_type: lenient(Text), entity_id: lenient(Text) }

/** Of `account_alerts`. */
export const AccountAlert = Schema.Struct({ ...entity, alert_info: AlertInfo })

/** The same without a level, as older samples show it. */
export const FlatAccountAlert = Schema.Struct({ ...entity, ...AlertInfo.fields })

/** Of `account_review_update`. */
export const AccountReview = Schema.Struct({ decision: Text })

const WabaInfo = Schema.Struct({
  waba_id: ownId(BusinessAccountId),
  owner_business_id: lenient(Text),
  ad_account_id: lenient(Text),
  /** The other name of `ad_account_id`. */
  ad_account_linked: lenient(Text),
  partner_app_id: lenient(Text),
  solution_id: lenient(Text),
  solution_partner_business_ids: lenient(lenientArray(Text))
})

const Restriction = Schema.Struct({
  restriction_type: lenient(Text),
  expiration: lenient(UnixSeconds),
  remediation: lenient(Text)
})

const ExceptionCountry = Schema.Struct({ country_code: lenient(Text), start_time: lenient(UnixSeconds) })

/** Of `account_update`: which of the objects are there depends on `event`. */
export const AccountUpdate = Schema.Struct({
  event: Text,
  phone_number: lenient(Text),
  country: lenient(Text),
  waba_info: lenient(WabaInfo),
  violation_info: lenient(Schema.Struct({ violation_type: lenient(Text), remediation: lenient(Text) })),
  restriction_info: lenient(lenientArray(Restriction)),
  /** The date is a text for people, as in `April 17, 2025`. */
  ban_info: lenient(Schema.Struct({ waba_ban_state: lenient(Text), waba_ban_date: lenient(Text) })),
  auth_international_rate_eligibility: lenient(
    Schema.Struct({
      start_time: lenient(UnixSeconds),
      exception_countries: lenient(lenientArray(ExceptionCountry))
    })
  ),
  volume_tier_info: lenient(
    Schema.Struct({
      tier_update_time: lenient(UnixSeconds),
      pricing_category: lenient(Text),
      tier: lenient(Text),
      effective_month: lenient(Text),
      region: lenient(Text)
    })
  ),
  disconnection_info: lenient(Schema.Struct({ reason: lenient(Text), initiated_by: lenient(Text) })),
  partner_client_certification_info: lenient(
    Schema.Struct({
      client_business_id: lenient(Text),
      status: lenient(Text),
      rejection_reasons: lenient(lenientArray(Text))
    })
  ),
  partner_client_certification_needed_info: lenient(Schema.Struct({ client_business_id: lenient(Text) }))
})
export type AccountUpdate = typeof AccountUpdate.Type

/** Of `business_capability_update`. */
export const BusinessCapability = Schema.Struct({
  /** A number or the name of a tier. */
  max_daily_conversations_per_business: lenient(Text),
  /** The older limit. */
  max_daily_conversation_per_phone: lenient(Number),
  max_phone_numbers_per_business: lenient(Number),
  max_phone_numbers_per_waba: lenient(Number)
})
