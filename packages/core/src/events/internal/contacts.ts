/** Joins `value.contacts` to items by id: Meta does not promise that they stand in the same order. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import { normalForm } from "../../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { Contact } from "../../wire/Contact.ts"
import { decode } from "./decoder.ts"

export interface Contacts {
  readonly all: ReadonlyArray<Contact>
  /** Made when they are needed: a delivery mostly has one contact, which is looked at instead. */
  byUserId: ReadonlyMap<string, Contact> | undefined
  byPhone: ReadonlyMap<string, Contact> | undefined
}

const decodeContact = decode(Contact)

export const nobody: Contacts = { all: [], byUserId: undefined, byPhone: undefined }

/** A contact that is broken is no contact; the item it belongs to still names its sender. */
export const contactsOf = (value: Schema.JsonObject): Contacts => {
  if (!Array.isArray(value.contacts)) return nobody
  const all: Array<Contact> = []
  for (const raw of value.contacts) {
    const decoded = decodeContact(raw)
    if (Result.isSuccess(decoded)) all.push(decoded.success)
  }
  return { all, byUserId: undefined, byPhone: undefined }
}

const withUserId = (userId: string, contacts: Contacts): Contact | undefined => {
  const [only, another] = contacts.all
  if (another === undefined) return only?.user_id && only.user_id === userId ? only : undefined
  contacts.byUserId ??= byName(contacts, ({ user_id }) => user_id)
  return contacts.byUserId.get(userId)
}

const withPhone = (waId: string, contacts: Contacts): Contact | undefined => {
  const [only, another] = contacts.all
  if (another === undefined) return only?.wa_id && isSamePhone(only.wa_id, waId) ? only : undefined
  contacts.byPhone ??= byName(contacts, ({ wa_id }) => wa_id && normalForm(wa_id))
  return contacts.byPhone.get(normalForm(waId))
}

const byName = ({ all }: Contacts, nameOf: (contact: Contact) => string | null | undefined) => {
  const found = new Map<string, Contact>()
  for (const contact of all) {
    const name = nameOf(contact)
    if (name) found.set(name, contact)
  }
  return found
}

const isSamePhone = (one: string, other: string): boolean => one === other || normalForm(one) === normalForm(other)

type Named = { readonly [K in "waId" | "userId" | "parentUserId"]?: WhatsAppUser[K] | undefined }

const contactOf = ({ parentUserId, userId, waId }: Named, contacts: Contacts): Contact | undefined => {
  const [only] = contacts.all
  if (only === undefined) return undefined
  const known = userId === undefined ? undefined : withUserId(userId, contacts)
  if (known !== undefined) return known
  if (waId !== undefined) {
    const found = withPhone(waId, contacts)
    // A number may have gone from one person to another.
    return found?.user_id && userId !== undefined ? undefined : found
  }
  const mayBeOnly = parentUserId === undefined || parentUserId === only.parent_user_id
  return userId === undefined && contacts.all.length === 1 && mayBeOnly ? only : undefined
}

/** All that an item and its contact say about a person. An item that names nobody is joined to an only contact. */
export const personOf = (named: Named, contacts: Contacts): WhatsAppUser => {
  const contact = contactOf(named, contacts)
  const waId = named.waId ?? contact?.wa_id
  const userId = named.userId ?? contact?.user_id
  const parentUserId = named.parentUserId ?? contact?.parent_user_id
  const username = contact?.profile?.username
  const profileName = contact?.profile?.name
  const user: Types.Mutable<WhatsAppUser> = {}
  if (waId) user.waId = waId
  if (userId) user.userId = userId
  if (parentUserId) user.parentUserId = parentUserId
  if (username) user.username = username
  if (profileName) user.profileName = profileName
  return user
}
