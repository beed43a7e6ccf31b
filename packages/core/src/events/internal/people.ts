/** What people do beside writing and calling, as events. */
import * as Result from "effect/Result"
import * as ConversationId from "../../domain/ConversationId.ts"
import { present } from "../../internal/present.ts"
import { UserAction } from "../../wire/UserAction.ts"
import { UserIdUpdate } from "../../wire/UserIdUpdate.ts"
import { UserPreference } from "../../wire/UserPreference.ts"
import { personOf } from "./contacts.ts"
import { accountOf, decode, type Decoder, fieldLane, numberOf } from "./decoder.ts"

const decodePreference = decode(UserPreference)
const decodeIdUpdate = decode(UserIdUpdate)
const decodeAction = decode(UserAction)

export const decodeUserPreference: Decoder = (json, around) =>
  Result.gen(function* () {
    const preference = yield* decodePreference(json)
    const phoneNumberId = yield* numberOf(around, "preference")
    const user = personOf(
      present({ waId: preference.wa_id, userId: preference.user_id, parentUserId: preference.parent_user_id }),
      around.contacts
    )
    return {
      event: {
        _tag: "UserPreferenceChanged" as const,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, user, undefined, around.field),
        user,
        value: preference.value,
        timestamp: preference.timestamp,
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          category: preference.category,
          signupId: preference.signup_id,
          detail: preference.detail
        })
      },
      person: { user, otherwise: around.field }
    }
  })

export const decodeUserIdUpdate: Decoder = (json, around) =>
  Result.map(decodeIdUpdate(json), ({ user_id_update }) => ({
    event: {
      _tag: "UserIdsChanged" as const,
      ...accountOf(around),
      changes: user_id_update.map(({ detail, parent_user_id: parents, timestamp, user_id, wa_id: waId }) => ({
        previous: present({ waId, userId: user_id.previous, parentUserId: parents?.previous }),
        current: present({ waId, userId: user_id.current, parentUserId: parents?.current }),
        ...present({ timestamp, detail })
      }))
    },
    lane: fieldLane(around)
  }))

export const decodeUserAction: Decoder = (json, around) =>
  Result.gen(function* () {
    const { action_type, marketing_messages_link_click_data: click, timestamp } = yield* decodeAction(json)
    const phoneNumberId = yield* numberOf(around, "action")
    return {
      event: {
        _tag: "UserActionReported" as const,
        phoneNumberId,
        actionType: action_type,
        timestamp,
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          click:
            click &&
            present({
              component: click.click_component,
              clickId: click.click_id,
              trackingToken: click.tracking_token,
              productId: click.product_id,
              userAgent: click.client_user_agent
            })
        })
      },
      lane: fieldLane(around)
    }
  })
