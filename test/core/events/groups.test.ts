import { assert, describe, it } from "@effect/vitest"
import type { Tag } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { brokenAt, json, only, tagged } from "./delivered.ts"

const group = (field: string, item: Schema.Json) =>
  only(Delivery.change(field, { metadata: { phone_number_id: "207311904455012" }, groups: [item] }))

const header = { group_id: "group", timestamp: "1786500070", request_id: "REQ1" }
const common = {
  groupId: "group",
  phoneNumberId: "207311904455012",
  businessAccountId: Delivery.defaults.businessAccountId,
  conversationId: "207311904455012/group",
  timestamp: "2026-08-12T02:01:10.000Z",
  requestId: "REQ1",
  errors: []
}

describe("a group", () => {
  it("that is made or deleted has what it is called", () => {
    const described = { subject: "s", description: "d", invite_link: "l", join_approval_mode: "auto_approve" }
    const mine = { subject: "s", description: "d", inviteLink: "l", joinApprovalMode: "auto_approve" }
    const created = { ...header, type: "group_create", ...described }
    const it = group("group_lifecycle_update", created)
    assert.deepStrictEqual(json(it.event), { _tag: "GroupCreated", ...common, ...mine })
    assert.deepStrictEqual(tagged("GroupCreated", it).raw, created)
    assert.strictEqual(it.lane, common.conversationId)
    const deleted = group("group_lifecycle_update", { ...header, type: "group_delete", timestamp: 1786500070 })
    assert.deepStrictEqual(json(deleted.event), { _tag: "GroupDeleted", ...common })
  })

  it("that could not be made says why", () => {
    const failed = { ...header, type: "group_create", errors: [{ code: "131000", title: "No" }] }
    const { errors } = tagged("GroupCreated", group("group_lifecycle_update", failed))
    assert.deepStrictEqual(errors, [{ code: 131000, title: "No" }])
  })

  it.each(["group_participants_update", "group_participant_update"])("tells in %s who came and went", (field) => {
    const lists = {
      reason: "invite_link",
      initiated_by: "business",
      added_participants: [{ wa_id: 16505550177, user_id: "US.1", parent_user_id: "US.ENT.1", username: "@ida.voss" }],
      removed_participants: [{ input: "16505550188" }],
      failed_participants: [{ input: "16505550199", errors: [{ code: 131000 }] }]
    }
    const mine = {
      reason: "invite_link",
      initiatedBy: "business",
      added: [{ waId: "16505550177", userId: "US.1", parentUserId: "US.ENT.1", username: "ida.voss", errors: [] }],
      removed: [{ input: "16505550188", errors: [] }],
      failed: [{ input: "16505550199", errors: [{ code: 131000 }] }]
    }
    for (const type of ["group_participants_add", "group_add_participants", "group_create", "later", null]) {
      const { event } = group(field, { ...header, type, ...lists })
      assert.deepStrictEqual(json(event), { _tag: "GroupParticipantsChanged", ...common, ...mine })
    }
    const broken = tagged("Undecodable", group(field, { ...header, added_participants: [{}, 7] }))
    assert.match(broken.path, /\.added_participants\[1\]$/)
  })

  it.each([
    ["group_join_request_created", "GroupJoinRequested"],
    ["group_join_request_revoked", "GroupJoinRequestRevoked"]
  ] as const)("tells by %s who asks to join", (type, _tag) => {
    const item = { ...header, type, join_request_id: "JR9", user_id: "US.1", username: "@ida.voss", wa_id: "1" }
    assert.deepStrictEqual(json(group("group_participants_update", item).event), {
      _tag,
      ...common,
      joinRequestId: "JR9",
      user: { userId: "US.1", username: "ida.voss", waId: "1" }
    })
  })

  it("has settings that each say whether they were changed", () => {
    const item = {
      ...header,
      type: "group_settings_update",
      group_subject: { text: "s", update_successful: true },
      group_description: { text: "d", update_successful: false, errors: [{ code: 131000 }] },
      profile_picture: { mime_type: "image/jpeg", sha256: "x", update_successful: true }
    }
    assert.deepStrictEqual(json(group("group_settings_update", item).event), {
      _tag: "GroupSettingsChanged",
      ...common,
      subject: { text: "s", isUpdated: true, errors: [] },
      description: { text: "d", isUpdated: false, errors: [{ code: 131000 }] },
      picture: { mimeType: "image/jpeg", sha256: "x", isUpdated: true, errors: [] }
    })
    const plain = { ...header, type: "group_settings_update", subject: "s", description: "d" }
    assert.deepStrictEqual(json(group("group_settings_update", plain).event), {
      _tag: "GroupSettingsChanged",
      ...common,
      subject: { text: "s", errors: [] },
      description: { text: "d", errors: [] }
    })
  })

  it.each([
    ["later", { group_subject: { text: "s" } }],
    ["later", { group_description: { text: "d" } }],
    ["later", { profile_picture: { sha256: "x" } }],
    ["later", { subject: "s" }],
    ["later", { description: "d" }],
    ["group_settings_update", {}],
    [null, {}]
  ])("has its settings changed where there are some, or where Meta says so: %s %j", (type, settings) => {
    tagged("GroupSettingsChanged", group("group_settings_update", { ...header, type, ...settings }))
  })

  it("may be suspended", () => {
    const item = { ...header, type: "group_suspend" }
    const { event } = group("group_status_update", item)
    assert.deepStrictEqual(json(event), { _tag: "GroupStatusChanged", ...common, status: "group_suspend" })
  })

  it.each([
    ["group_lifecycle_update", "later", "GroupUpdated"],
    ["group_status_update", null, "GroupUpdated"],
    ["group_settings_update", "later", "GroupUpdated"]
  ] as const satisfies ReadonlyArray<readonly [string, string | null, Tag]>)(
    "may do in %s what nobody knows yet: %s",
    (field, type, tag) => {
      assert.strictEqual(tagged(tag, group(field, { ...header, type })).type ?? null, type)
    }
  )

  it("needs nothing but its id", () => {
    const { event } = group("group_lifecycle_update", { group_id: 7, type: "group_delete" })
    const { requestId: _r, timestamp: _t, ...rest } = common
    assert.deepStrictEqual(json(event), {
      _tag: "GroupDeleted",
      ...rest,
      groupId: "7",
      conversationId: "207311904455012/7"
    })
    const broken = group("group_lifecycle_update", { type: "group_delete" })
    assert.deepStrictEqual(brokenAt(broken, "groups[0]"), [".group_id", "missing"])
  })
})
