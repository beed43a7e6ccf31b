/** An item of the group fields. Meta's own descriptions of them differ from each other; every spelling is read. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, GroupId } from "../domain/Ids.ts"
import { MetaErrors } from "./MetaError.ts"
import { id, lenient, optional, ownId, Phone, Text, UnixSeconds, Username, YesNo } from "./scalars.ts"

export const Participant = Schema.Struct({
  /** What the request named the person by. */
  input: lenient(Text),
  wa_id: lenient(Phone),
  user_id: lenient(id(BusinessScopedUserId)),
  parent_user_id: lenient(id(BusinessScopedUserId)),
  username: lenient(Username),
  errors: lenient(MetaErrors)
})
export type Participant = typeof Participant.Type

const setting = { update_successful: lenient(YesNo), errors: lenient(MetaErrors) }

export const Group = Schema.Struct({
  group_id: ownId(GroupId),
  type: lenient(Text),
  timestamp: lenient(UnixSeconds),
  request_id: lenient(Text),
  errors: lenient(MetaErrors),
  subject: lenient(Text),
  description: lenient(Text),
  invite_link: lenient(Text),
  join_approval_mode: lenient(Text),
  reason: lenient(Text),
  initiated_by: lenient(Text),
  added_participants: optional(Schema.Array(Participant)),
  removed_participants: optional(Schema.Array(Participant)),
  failed_participants: optional(Schema.Array(Participant)),
  join_request_id: lenient(Text),
  wa_id: lenient(Phone),
  user_id: lenient(id(BusinessScopedUserId)),
  parent_user_id: lenient(id(BusinessScopedUserId)),
  username: lenient(Username),
  profile_picture: lenient(Schema.Struct({ mime_type: lenient(Text), sha256: lenient(Text), ...setting })),
  group_subject: lenient(Schema.Struct({ text: lenient(Text), ...setting })),
  group_description: lenient(Schema.Struct({ text: lenient(Text), ...setting }))
})
export type Group = typeof Group.Type
