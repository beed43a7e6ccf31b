/** An item of the group fields as an event. */
import * as Result from "effect/Result"
import * as ConversationId from "../../domain/ConversationId.ts"
import { present } from "../../internal/present.ts"
import * as Wire from "../../wire/Group.ts"
import type { MetaErrors } from "../../wire/MetaError.ts"
import type { GroupParticipant, GroupSetting, GroupUpdated } from "../groups.ts"
import type { WhatsAppEvent } from "../WhatsAppEvent.ts"
import { decode, type Decoder, numberOf } from "./decoder.ts"
import { errorsOf } from "./errors.ts"

const decodeWire = decode(Wire.Group)

type Common = Omit<GroupUpdated, "_tag" | "type">
type ToEvent = (group: Wire.Group, common: Common) => WhatsAppEvent

const decoder =
  (toEvent: ToEvent): Decoder =>
  (json, around) =>
    Result.gen(function* () {
      const group = yield* decodeWire(json)
      const phoneNumberId = yield* numberOf(around, "group")
      const common: Common = {
        groupId: group.group_id,
        phoneNumberId,
        conversationId: ConversationId.of(phoneNumberId, {}, group.group_id, ""),
        errors: errorsOf(group.errors),
        raw: around.raw,
        ...present({
          businessAccountId: around.businessAccountId,
          timestamp: group.timestamp,
          requestId: group.request_id
        })
      }
      return { event: toEvent(group, common) }
    })

const updated: ToEvent = ({ type }, common) => ({ _tag: "GroupUpdated", ...common, ...present({ type }) })

const described = (group: Wire.Group) =>
  present({
    subject: group.subject,
    description: group.description,
    inviteLink: group.invite_link,
    joinApprovalMode: group.join_approval_mode
  })

/** A group was made or deleted. */
export const decodeLifecycle = decoder((group, common) => {
  switch (group.type) {
    case "group_create":
      return { _tag: "GroupCreated", ...common, ...described(group) }
    case "group_delete":
      return { _tag: "GroupDeleted", ...common, ...described(group) }
    default:
      return updated(group, common)
  }
})

/** Who came and went. Meta's descriptions name the types of this field differently, so the lists decide. */
export const decodeParticipants = decoder((group, common) => {
  const { join_request_id: joinRequestId, type = "" } = group
  if (type.startsWith("group_join_request") || joinRequestId !== undefined) {
    return {
      _tag: type === "group_join_request_revoked" ? "GroupJoinRequestRevoked" : "GroupJoinRequested",
      ...common,
      user: userOf(group),
      ...present({ joinRequestId })
    }
  }
  return {
    _tag: "GroupParticipantsChanged",
    ...common,
    added: (group.added_participants ?? []).map(participantOf),
    removed: (group.removed_participants ?? []).map(participantOf),
    failed: (group.failed_participants ?? []).map(participantOf),
    ...present({ reason: group.reason, initiatedBy: group.initiated_by })
  }
})

/** The settings; where Meta describes them as plain texts, nothing is said about whether they were changed. */
export const decodeSettings = decoder((group, common) => {
  const { description, group_description, group_subject, profile_picture, subject, type } = group
  const settings = [group_subject, subject, group_description, description, profile_picture]
  const isLater = type !== undefined && type !== "group_settings_update"
  if (isLater && settings.every((setting) => setting === undefined)) return updated(group, common)
  const text = (of: Wire.Group["group_subject"], plain: string | undefined): GroupSetting | undefined => {
    if (of !== undefined) return { ...present({ text: of.text }), ...settingOf(of) }
    return plain === undefined ? undefined : { text: plain, errors: [] }
  }
  return {
    _tag: "GroupSettingsChanged",
    ...common,
    ...present({
      subject: text(group_subject, subject),
      description: text(group_description, description),
      picture: profile_picture && {
        ...present({ mimeType: profile_picture.mime_type, sha256: profile_picture.sha256 }),
        ...settingOf(profile_picture)
      }
    })
  }
})

/** Whether the group is suspended. */
export const decodeGroupStatus = decoder((group, common) =>
  group.type === undefined ? updated(group, common) : { _tag: "GroupStatusChanged", ...common, status: group.type }
)

const settingOf = (of: { readonly update_successful?: boolean; readonly errors?: MetaErrors }) => ({
  ...present({ isUpdated: of.update_successful }),
  errors: errorsOf(of.errors)
})

const userOf = (
  of: Pick<Wire.Participant, "wa_id" | "user_id" | "parent_user_id" | "username">
): Omit<GroupParticipant, "input" | "errors"> =>
  present({ waId: of.wa_id, userId: of.user_id, parentUserId: of.parent_user_id, username: of.username })

const participantOf = (participant: Wire.Participant): GroupParticipant => ({
  ...userOf(participant),
  ...present({ input: participant.input }),
  errors: errorsOf(participant.errors)
})
