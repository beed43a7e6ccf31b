/** Parts to the JSON of one delivery. */
import type * as Schema from "effect/Schema"
import type { Part } from "../Delivery.ts"
import type { Person } from "../Person.ts"

export interface Business {
  readonly businessAccountId: string
  readonly displayPhoneNumber: (phoneNumberId: string) => string
}

/** An object of JSON that is being put together. */
export type Fields = { readonly [key: string]: Schema.Json }

/** Absent values are left out, as Meta does; none is ever null. */
export const compact = (fields: { readonly [key: string]: Schema.Json | undefined }): Fields => {
  const present: Record<string, Schema.Json> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) present[key] = value
  }
  return present
}

const contact = (person: Person, withUsername: boolean): Schema.JsonObject => {
  const profile = compact({ name: person.name, username: withUsername ? person.username : undefined })
  return compact({
    profile: Object.keys(profile).length === 0 ? undefined : profile,
    wa_id: person.phone,
    user_id: person.userId,
    parent_user_id: person.parentUserId
  })
}

/** The sender of a message, as its own members. */
export const sender = (person: Person): Fields =>
  compact({ from: person.phone, from_user_id: person.userId, from_parent_user_id: person.parentUserId })

interface Change {
  readonly contacts: Map<Person, Schema.JsonObject>
  readonly list: "messages" | "statuses"
  readonly items: Array<Schema.JsonObject>
  readonly phoneNumberId: string
}

/** The envelope; parts of one number and kind share a change, in the order given. */
export const make = (parts: ReadonlyArray<Part>, business: Business): Schema.JsonObject => {
  const changes: Array<Schema.JsonObject | Change> = []
  const open = new Map<string, Change>()
  const changeOf = (list: Change["list"], phoneNumberId: string): Change => {
    const key = `${list}/${phoneNumberId}`
    const known = open.get(key)
    if (known !== undefined) return known
    const change: Change = { contacts: new Map(), list, items: [], phoneNumberId }
    open.set(key, change)
    changes.push(change)
    return change
  }
  for (const part of parts) {
    if ("field" in part) {
      changes.push({ value: part.value, field: part.field })
    } else if ("message" in part) {
      const change = changeOf("messages", part.phoneNumberId)
      change.contacts.set(part.person, contact(part.person, true))
      change.items.push(part.message)
    } else {
      const change = changeOf("statuses", part.phoneNumberId)
      // Meta leaves the username out of `sent`.
      if (part.person !== undefined) {
        change.contacts.set(part.person, contact(part.person, part.status.status !== "sent"))
      }
      change.items.push(part.status)
    }
  }
  const toJson = (change: Schema.JsonObject | Change): Schema.JsonObject => {
    if (!isOpen(change)) return change
    const metadata = {
      display_phone_number: business.displayPhoneNumber(change.phoneNumberId),
      phone_number_id: change.phoneNumberId
    }
    const contacts = change.contacts.size === 0 ? undefined : Array.from(change.contacts.values())
    return {
      value: compact({ messaging_product: "whatsapp", metadata, contacts, [change.list]: change.items }),
      field: "messages"
    }
  }
  return {
    object: "whatsapp_business_account",
    entry: [{ id: business.businessAccountId, changes: changes.map(toJson) }]
  }
}

const isOpen = (change: Schema.JsonObject | Change): change is Change => change.contacts instanceof Map
