/**
 * A delivery without one person: what has to be erased when they ask for it. One delivery carries items of many people,
 * and those of all others stay as they are, in their places.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { DeliveryDigest } from "../domain/Ids.ts"
import { normalForm } from "../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import * as Json from "../wire/Json.ts"
import { fromDelivery } from "./Incoming.ts"
import { forgotten } from "./internal/forgotten.ts"
import { peopleOf } from "./peopleOf.ts"

/** What is left of a delivery. */
export interface Remains {
  /** Where the items stood that are erased. */
  readonly positions: ReadonlySet<string>
  /** The bytes without them; all other items are read from it as before. */
  readonly body: Uint8Array
}

/**
 * Takes a person out of a delivery: the items about them and their contact. Nothing when it says nothing about them.
 *
 * **Details**
 *
 * They are found by phone in any spelling, by BSUID and by parent BSUID; one that fits is enough. An item that names
 * several people, such as those who joined a group, loses that person alone. An item that names nobody, because it
 * cannot be decoded or its field is unknown, is erased when the person's phone or BSUID stands anywhere in it.
 *
 * **Gotchas**
 *
 * What others say of them stays: a contact card, a text, whom a message in a group quotes.
 */
export const withoutPerson = (digest: DeliveryDigest, bytes: Uint8Array, user: WhatsAppUser): Remains | undefined => {
  const is = recognise(user)
  if (is === undefined) return undefined
  const text = utf8.decode(bytes)
  if (!is.perhaps(text)) return undefined
  const parsed = Result.getOrUndefined(Json.parseObject(bytes))
  if (parsed === undefined || !Array.isArray(parsed.entry)) {
    return is.ids.some((id) => text.includes(id)) ? { positions: new Set([""]), body: new Uint8Array() } : undefined
  }
  const whole = new Set<string>()
  const partly = new Set<string>()
  const others = new Set<string>()
  for (const { event, position } of fromDelivery(digest, bytes)) {
    if (event._tag === "DeliveryUnreadable") continue
    const people = peopleOf(event)
    const found = people.filter((one) => one.some(is.user)).length
    if (people.length === 0 ? is.anywhere(event.raw) : found === people.length) whole.add(position)
    else if (found > 0) partly.add(position)
    else others.add(position)
  }
  const written = rewrite(parsed, { is, whole, partly, others })
  return written === undefined ? undefined : { positions: whole, body: new TextEncoder().encode(written) }
}

const utf8 = new TextDecoder()

interface Recognised {
  readonly ids: ReadonlyArray<string>
  /** Whether it is worth reading a text: most say nothing of any one person. */
  readonly perhaps: (text: string) => boolean
  readonly user: (user: WhatsAppUser) => boolean
  /** Whether a member of a JSON object is an id of the person. */
  readonly id: (value: Schema.Json | undefined) => boolean
  /** Whether an id of the person stands somewhere in it. */
  readonly anywhere: (json: Schema.Json) => boolean
}

/** A phone number as people write it. */
const phone = /^[ (]*\+?[0-9 \u00a0\u202f().-]{4,40}$/

/** All but digits, and what is written as an escape. */
const noDigits = /\\u[0-9a-f]{4}|\D+/gi

const recognise = ({ parentUserId, userId, waId }: WhatsAppUser): Recognised | undefined => {
  const normal = waId === undefined || waId === "" ? undefined : normalForm(waId)
  const bsuids = new Set<string>([userId ?? "", parentUserId ?? ""].filter((id) => id !== ""))
  if (normal === undefined && bsuids.size === 0) return undefined
  const isPhone = (text: string) => normal !== undefined && phone.test(text) && normalForm(text) === normal
  const id = (value: Schema.Json | undefined): boolean =>
    typeof value === "string"
      ? bsuids.has(value) || value === waId || isPhone(value)
      : typeof value === "number" && isPhone(String(value))
  const anywhere = (json: Schema.Json): boolean =>
    typeof json === "object" && json !== null ? Object.values(json).some(anywhere) : id(json)
  return {
    perhaps: (text) => {
      for (const bsuid of bsuids) if (text.includes(bsuid)) return true
      if (normal === undefined) return false
      // Common to all spellings of a phone, but for what people write between the digits.
      const end = normal.slice(-8)
      return text.includes(end) || !/^\d+$/.test(normal) || text.replace(noDigits, "").includes(end)
    },
    ids: [...bsuids, ...(waId ? [waId] : [])],
    user: (user) =>
      bsuids.has(user.userId ?? "") ||
      bsuids.has(user.parentUserId ?? "") ||
      (normal !== undefined && user.waId !== undefined && normalForm(user.waId) === normal),
    id,
    anywhere
  }
}

interface Found {
  readonly is: Recognised
  readonly whole: ReadonlySet<string>
  readonly partly: ReadonlySet<string>
  readonly others: ReadonlySet<string>
}

/** The JSON of what is left; nothing when that is all of it. Long integers stay digits: they were read as strings. */
const rewrite = (envelope: Schema.JsonObject, { is, others, partly, whole }: Found): string | undefined => {
  let changed = false
  const isItem = (at: string) => whole.has(at) || partly.has(at) || others.has(at)
  /** Everything on the way to an item. */
  const above = new Set<string>()
  /** Changes of which something is left. */
  const kept = new Set<string>()
  for (const position of [...whole, ...partly, ...others]) {
    for (const { index } of position.matchAll(/[.[]/g)) above.add(position.slice(0, index))
    if (!whole.has(position)) kept.add(changeOf(position))
  }

  const write = (json: Schema.Json, at: string): Schema.Json => {
    if (whole.has(at)) {
      changed = true
      return forgotten
    }
    if (partly.has(at)) {
      changed = true
      return without(json, is)
    }
    if (others.has(at)) return json
    if (Array.isArray(json)) return json.map((one: Schema.Json, i) => write(one, `${at}[${i}]`))
    if (!Json.isJsonObject(json)) return json
    const names = Object.values(json).some(is.id)
    const isAbove = above.has(at)
    if (names && !isAbove) {
      changed = true
      // Still an entry of its list: an only contact is read otherwise than one of two.
      return {}
    }
    // Beside items that are all erased, nothing has to be read any more, and what stands there was about them.
    const isBare = isAbove && at.includes(".value") && !kept.has(changeOf(at))
    const members = Object.entries(json).flatMap(([key, value]): ReadonlyArray<readonly [string, Schema.Json]> => {
      const inside = at === "" ? key : `${at}.${key}`
      const stays = isItem(inside) || above.has(inside) || !(isBare || (names && isOfPerson(key, value, is)))
      if (stays) return [[key, write(value, inside)]]
      changed = true
      return []
    })
    return Object.fromEntries(members)
  }
  const written = write(envelope, "")
  return changed ? JSON.stringify(written) : undefined
}

/** Names and ids beside items of the person: what stands around a thread of a chat history. */
const isOfPerson = (key: string, value: Schema.Json, is: Recognised): boolean =>
  is.id(value) || key === "context" || key === "username"

const changeOf = (position: string): string => /^entry\[\d+\]\.changes\[\d+\]/.exec(position)?.[0] ?? position

/** An item about several people without one of them. */
const without = (json: Schema.Json, is: Recognised): Schema.Json => {
  if (Array.isArray(json)) {
    return json.flatMap((one: Schema.Json) => (is.anywhere(one) ? [] : [without(one, is)]))
  }
  if (!Json.isJsonObject(json)) return json
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, without(value, is)]))
}
