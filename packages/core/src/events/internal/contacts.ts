/** Joins `value.contacts` to items by id: Meta does not promise that they stand in the same order. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import { normalForm } from "../../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { present } from "../../internal/present.ts"
import { Contact } from "../../wire/Contact.ts"

export interface Contacts {
  readonly all: ReadonlyArray<Contact>
  readonly byUserId: ReadonlyMap<string, Contact>
  readonly byPhone: ReadonlyMap<string, Contact>
}

const decodeContact = SchemaParser.decodeUnknownResult(Contact)

/** A contact that is broken is no contact; the item it belongs to still names its sender. */
export const contactsOf = (value: Schema.JsonObject): Contacts => {
  const all: Array<Contact> = []
  const byUserId = new Map<string, Contact>()
  const byPhone = new Map<string, Contact>()
  for (const raw of Array.isArray(value.contacts) ? value.contacts : []) {
    const decoded = decodeContact(raw)
    if (Result.isFailure(decoded)) continue
    const contact = decoded.success
    all.push(contact)
    if (contact.user_id) byUserId.set(contact.user_id, contact)
    if (contact.wa_id) byPhone.set(normalForm(contact.wa_id), contact)
  }
  return { all, byUserId, byPhone }
}

type Named = Pick<WhatsAppUser, "waId" | "userId" | "parentUserId">

/** All that an item and its contact say about a person. An item that names nobody is joined to an only contact. */
export const personOf = (named: Named, contacts: Contacts): WhatsAppUser => {
  const byUserId = named.userId === undefined ? undefined : contacts.byUserId.get(named.userId)
  const byPhone = named.waId === undefined ? undefined : contacts.byPhone.get(normalForm(named.waId))
  const isNameless = named.userId === undefined && named.waId === undefined
  const contact = byUserId ?? byPhone ?? (isNameless && contacts.all.length === 1 ? contacts.all[0] : undefined)
  return present({
    waId: named.waId ?? contact?.wa_id,
    userId: named.userId ?? contact?.user_id,
    parentUserId: named.parentUserId ?? contact?.parent_user_id,
    username: contact?.profile?.username,
    profileName: contact?.profile?.name
  })
}
