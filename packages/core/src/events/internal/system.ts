/**
 * A message of type `system`: WhatsApp itself reports a change of a person. Who it was and who it is now is read from
 * the ids alone: the sentence in `body` holds the name that the person chose, and could claim anything.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as ConversationId from "../../domain/ConversationId.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/System.ts"
import type { MessageEvent } from "../messages.ts"
import { at, decode } from "./decoder.ts"
import type { Common } from "./message.ts"

const decodeSystem = decode(Wire.System)
const decodeIdentity = decode(Wire.Identity)

interface System {
  readonly event: MessageEvent
  readonly previous?: WhatsAppUser
}

export const systemOf = (
  fields: Schema.JsonObject,
  shared: Common,
  otherwise: string
): Result.Result<System, SchemaIssue.Issue> =>
  Result.map(Result.mapError(decodeSystem(fields.system ?? {}), at("system")), (system): System => {
    const { body, type } = system
    const tag = tagOf(system, fields)
    if (tag === undefined) {
      return { event: { _tag: "UnknownMessageReceived", ...shared, type: "system", ...present({ subtype: type }) } }
    }
    if (tag === "UserIdentityChanged") {
      const identity = Result.getOrElse(decodeIdentity(fields.identity), (): typeof Wire.Identity.Type => ({}))
      return {
        event: {
          _tag: tag,
          ...shared,
          ...present({
            identityKeyHash: first(system.identity, identity.hash),
            acknowledged: identity.acknowledged,
            body
          })
        }
      }
    }
    const { groupId, phoneNumberId, sender } = shared
    const { user } = sender
    const conversationOf = (user: WhatsAppUser) => ConversationId.of(phoneNumberId, user, groupId, otherwise)
    const newWaId = first(system.wa_id, system.new_wa_id)
    // Old forms name the old number, and may already write from the new one.
    const waId = user.waId === newWaId ? first(system.customer, user.waId) : first(user.waId, system.customer)
    const previous: WhatsAppUser = present({
      waId,
      userId: first(system.previous_user_id, user.userId === system.user_id ? undefined : user.userId),
      parentUserId: first(
        system.previous_parent_user_id,
        user.parentUserId === system.parent_user_id ? undefined : user.parentUserId
      ),
      username: user.username,
      profileName: user.profileName
    })
    const current: WhatsAppUser = present({
      waId: newWaId,
      userId: system.user_id,
      parentUserId: system.parent_user_id,
      username: user.username,
      profileName: user.profileName
    })
    const now = current.waId === undefined && current.userId === undefined ? previous : current
    return {
      event: {
        _tag: tag,
        ...shared,
        sender: { _tag: "Customer", user: now },
        conversationId: conversationOf(now),
        previous,
        current,
        previousConversationId: conversationOf(previous),
        ...present({ body })
      },
      previous
    }
  })

/** Meta and its older versions have two names for each change; without a name, what changed tells it. */
const tagOf = (system: Wire.System, fields: Schema.JsonObject) => {
  switch (first(system.type)) {
    case "user_changed_number":
    case "customer_changed_number":
      return "UserNumberChanged"
    case "user_changed_user_id":
      return "UserIdChanged"
    case "customer_identity_changed":
    case "user_identity_changed":
      return "UserIdentityChanged"
    case undefined:
      if (first(system.wa_id, system.new_wa_id) !== undefined) return "UserNumberChanged"
      if (first(system.user_id, system.previous_user_id) !== undefined) return "UserIdChanged"
      return system.identity === undefined && fields.identity === undefined ? undefined : "UserIdentityChanged"
    default:
      return undefined
  }
}
