/** The values of the fields about a number of the business, which are changes without a list. */
import * as Schema from "effect/Schema"
import { PhoneNumberId } from "../domain/Ids.ts"
import { lenient, ownId, Text, UnixSeconds } from "./scalars.ts"

const number = { display_phone_number: lenient(Text) }

/** Of `phone_number_name_update`. */
export const NameReview = Schema.Struct({
  ...number,
  decision: Text,
  requested_verified_name: lenient(Text),
  rejection_reason: lenient(Text)
})

/** Of `phone_number_quality_update`, which is about limits and throughput. */
export const NumberQuality = Schema.Struct({
  ...number,
  event: Text,
  current_limit: lenient(Text),
  old_limit: lenient(Text),
  max_daily_conversations_per_business: lenient(Text)
})

/** Of `security`. */
export const Security = Schema.Struct({ ...number, event: Text, requester: lenient(Text) })

/** Of `business_username_updates`, which an example calls `business_username_update`. */
export const BusinessUsername = Schema.Struct({ ...number, username: lenient(Text), status: Text })

/** Of `account_settings_update`: the number is told inside, there is no `metadata`. */
export const AccountSettings = Schema.Struct({
  timestamp: lenient(UnixSeconds),
  /** `PHONE_NUMBER_SETTINGS`, in upper or lower case. */
  type: Text,
  phone_number_settings: Schema.Struct({
    phone_number_id: ownId(PhoneNumberId),
    calling: lenient(Schema.JsonObject)
  })
})
