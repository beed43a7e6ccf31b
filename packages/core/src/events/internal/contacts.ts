/** Joins `value.contacts` to items by id: Meta does not promise that they stand in the same order. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { normalForm } from "../../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { present } from "../../internal/present.ts"
import { Contact } from "../../wire/Contact.ts"
import { decode } from "./decoder.ts"

export interface Contacts {
  readonly all: ReadonlyArray<Contact>
  readonly byUserId: ReadonlyMap<string, Contact>
  /** Made when it is needed, which it is for items without a BSUID. */
  byPhone: ReadonlyMap<string, Contact> | undefined
}

const decodeContact = decode(Contact)

/** A contact that is broken is no contact; the item it belongs to still names its sender. */
export const contactsOf = (value: Schema.JsonObject): Contacts => {
  const all: Array<Contact> = []
  const byUserId = new Map<string, Contact>()
  for (const raw of Array.isArray(value.contacts) ? value.contacts : []) {
    const decoded = decodeContact(raw)
    if (Result.isFailure(decoded)) continue
    const contact = decoded.success
    all.push(contact)
    if (contact.user_id) byUserId.set(contact.user_id, contact)
  }
  return { all, byUserId, byPhone: undefined }
}

const byPhone = (contacts: Contacts): ReadonlyMap<string, Contact> => {
  contacts.byPhone ??= new Map(
    contacts.all.flatMap((contact) => (contact.wa_id ? [[normalForm(contact.wa_id), contact]] : []))
  )
  return contacts.byPhone
}

type Named = { readonly [K in "waId" | "userId" | "parentUserId"]?: WhatsAppUser[K] | undefined }

const contactOf = ({ parentUserId, userId, waId }: Named, contacts: Contacts): Contact | undefined => {
  const [only] = contacts.all
  if (only === undefined) return undefined
  const known = userId === undefined ? undefined : contacts.byUserId.get(userId)
  if (known !== undefined) return known
  if (waId !== undefined) {
    const found = byPhone(contacts).get(normalForm(waId))
    // A number may have gone from one person to another.
    return found?.user_id && userId !== undefined ? undefined : found
  }
  const mayBeOnly = parentUserId === undefined || parentUserId === only.parent_user_id
  return userId === undefined && contacts.all.length === 1 && mayBeOnly ? only : undefined
}

/** All that an item and its contact say about a person. An item that names nobody is joined to an only contact. */
export const personOf = (named: Named, contacts: Contacts): WhatsAppUser => {
  const contact = contactOf(named, contacts)
  return present({
    waId: named.waId ?? contact?.wa_id,
    userId: named.userId ?? contact?.user_id,
    parentUserId: named.parentUserId ?? contact?.parent_user_id,
    username: contact?.profile?.username,
    profileName: contact?.profile?.name
  })
}
