/** Changes of the fields about a number of the business as events. */
import * as Result from "effect/Result"
import { present } from "../../internal/present.ts"
import * as Wire from "../../wire/BusinessNumber.ts"
import { changeOf } from "./change.ts"
import { accountOf, decode, type Decoder, fieldLane } from "./decoder.ts"

const decodeName = changeOf(Wire.NameReview, (value, account) => ({
  _tag: "PhoneNumberNameReviewed",
  ...account,
  decision: value.decision,
  ...present({
    displayPhoneNumber: value.display_phone_number,
    requestedName: value.requested_verified_name,
    rejectionReason: value.rejection_reason
  })
}))

const decodeQuality = changeOf(Wire.NumberQuality, (value, account) => ({
  _tag: "PhoneNumberQualityChanged",
  ...account,
  event: value.event,
  ...present({
    displayPhoneNumber: value.display_phone_number,
    currentLimit: value.current_limit,
    oldLimit: value.old_limit,
    maxDailyConversationsPerBusiness: value.max_daily_conversations_per_business
  })
}))

const decodeSecurity = changeOf(Wire.Security, (value, account) => ({
  _tag: "PhoneNumberPinChanged",
  ...account,
  event: value.event,
  ...present({ displayPhoneNumber: value.display_phone_number, requester: value.requester })
}))

const decodeUsername = changeOf(Wire.BusinessUsername, (value, account) => ({
  _tag: "BusinessUsernameChanged",
  ...account,
  status: value.status,
  ...present({ displayPhoneNumber: value.display_phone_number, username: value.username })
}))

const decodeAccountSettings = decode(Wire.AccountSettings)

/** The settings say themselves whose they are, and the changes of one number stay in order. */
const decodeSettings: Decoder = (json, around) =>
  Result.map(decodeAccountSettings(json), ({ phone_number_settings, timestamp, type }) => {
    const ofNumber = { ...around, phoneNumberId: phone_number_settings.phone_number_id }
    return {
      event: {
        _tag: "NumberSettingsChanged",
        ...accountOf(ofNumber),
        phoneNumberId: ofNumber.phoneNumberId,
        type: type.toUpperCase(),
        ...present({ calling: phone_number_settings.calling, timestamp })
      },
      lane: fieldLane(ofNumber)
    }
  })

/** By field. */
export const numberDecoders = {
  phone_number_name_update: decodeName,
  phone_number_quality_update: decodeQuality,
  security: decodeSecurity,
  business_username_updates: decodeUsername,
  business_username_update: decodeUsername,
  account_settings_update: decodeSettings
}
