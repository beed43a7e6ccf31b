/** What happens to groups that the business made. Messages in a group are message events with a `groupId`. */
import * as Schema from "effect/Schema"
import { BusinessAccountId, ConversationId, GroupId, PhoneNumberId } from "../domain/Ids.ts"
import { MetaError } from "../domain/MetaError.ts"
import { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import { raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)

const group = {
  groupId: GroupId,
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  conversationId: ConversationId,
  timestamp: Schema.optionalKey(Schema.DateTimeUtcFromString),
  /** Id of the request that caused it; none when a person did. */
  requestId: text,
  /** Why the request failed as a whole. */
  errors: Schema.Array(MetaError),
  ...raw
}

/** A person in a group, `input` being what the request named them by; with `errors` when it failed for them. */
export const GroupParticipant = Schema.Struct({
  ...WhatsAppUser.fields,
  input: text,
  errors: Schema.Array(MetaError)
})
export type GroupParticipant = typeof GroupParticipant.Type

const described = {
  subject: text,
  description: text,
  inviteLink: text,
  /** `auto_approve` or `approval_required`. */
  joinApprovalMode: text
}

/** A group was made; with `errors`, it was not. */
export const GroupCreated = Schema.TaggedStruct("GroupCreated", { ...group, ...described })
export type GroupCreated = typeof GroupCreated.Type

/** A group was deleted; with `errors`, it was not. */
export const GroupDeleted = Schema.TaggedStruct("GroupDeleted", { ...group, ...described })
export type GroupDeleted = typeof GroupDeleted.Type

/** People joined or left a group, or could not be added or removed. */
export const GroupParticipantsChanged = Schema.TaggedStruct("GroupParticipantsChanged", {
  ...group,
  added: Schema.Array(GroupParticipant),
  removed: Schema.Array(GroupParticipant),
  failed: Schema.Array(GroupParticipant),
  /** `invite_link` for those who came by it. */
  reason: text,
  /** Who removed them: `business` or `participant`. */
  initiatedBy: text
})
export type GroupParticipantsChanged = typeof GroupParticipantsChanged.Type

const request = { ...group, joinRequestId: text, user: WhatsAppUser }

/** Someone asks to join a group. */
export const GroupJoinRequested = Schema.TaggedStruct("GroupJoinRequested", request)
export type GroupJoinRequested = typeof GroupJoinRequested.Type

/** Someone no longer asks to join a group. */
export const GroupJoinRequestRevoked = Schema.TaggedStruct("GroupJoinRequestRevoked", request)
export type GroupJoinRequestRevoked = typeof GroupJoinRequestRevoked.Type

const setting = { isUpdated: Schema.optionalKey(Schema.Boolean), errors: Schema.Array(MetaError) }

/** A setting of a group that was to be changed; `isUpdated` says whether it was. */
export const GroupSetting = Schema.Struct({ text, ...setting })
export type GroupSetting = typeof GroupSetting.Type

/** The picture of a group that was to be changed; `isUpdated` says whether it was. */
export const GroupPicture = Schema.Struct({ mimeType: text, sha256: text, ...setting })
export type GroupPicture = typeof GroupPicture.Type

/** Settings of a group were changed, or could not be: each says so itself. */
export const GroupSettingsChanged = Schema.TaggedStruct("GroupSettingsChanged", {
  ...group,
  subject: Schema.optionalKey(GroupSetting),
  description: Schema.optionalKey(GroupSetting),
  picture: Schema.optionalKey(GroupPicture)
})
export type GroupSettingsChanged = typeof GroupSettingsChanged.Type

/** WhatsApp suspended a group, or no longer does. */
export const GroupStatusChanged = Schema.TaggedStruct("GroupStatusChanged", {
  ...group,
  /** `group_suspend` or `group_suspend_cleared`. */
  status: Schema.String
})
export type GroupStatusChanged = typeof GroupStatusChanged.Type

/** Something else happened to a group; `type` says what, all of it is in `raw`. */
export const GroupUpdated = Schema.TaggedStruct("GroupUpdated", { ...group, type: text })
export type GroupUpdated = typeof GroupUpdated.Type

/** What happens to groups, told apart by `_tag`. */
export const GroupEvent = Schema.Union([
  GroupCreated,
  GroupDeleted,
  GroupParticipantsChanged,
  GroupJoinRequested,
  GroupJoinRequestRevoked,
  GroupSettingsChanged,
  GroupStatusChanged,
  GroupUpdated
]).pipe(Schema.toTaggedUnion("_tag"))
export type GroupEvent = typeof GroupEvent.Type
