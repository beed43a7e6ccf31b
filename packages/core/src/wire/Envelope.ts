/**
 * Meta's envelope, taken apart into items. One delivery carries up to 1000 of them, over several entries, changes and
 * lists; every one becomes exactly one event, so this is the only place where they are counted.
 */
import type * as Schema from "effect/Schema"
import { isJsonObject } from "./Json.ts"

/** What is wrong with the envelope, and where. */
export interface Broken {
  readonly path: string
  readonly reason: string
}

/** One thing that Meta reports: an element of a list, or a whole change that holds no list we know. */
export interface Item {
  /** Where it stands, as in `entry[0].changes[0].value.messages[2]`; unique within the delivery and stable over versions. */
  readonly position: string
  /** The list it comes from, as in `messages`; absent when the change itself is the item. */
  readonly list?: string
  readonly raw: Schema.Json
  /** The webhook field; absent when the envelope is broken above the item. */
  readonly field?: string
  readonly entryId?: string
  /** The value around it, which holds what items share: `metadata`, `contacts`, `errors`. */
  readonly value?: Schema.JsonObject
  /** Set when the envelope is broken at this place, so that the item cannot be what it should. */
  readonly broken?: Broken
}

interface Lists {
  /** Paths to the lists whose elements are items; `*` stands for every element of a list on the way. */
  readonly each: ReadonlyArray<string>
  /** Lists whose elements are items only when there is none in `each`. */
  readonly alone?: ReadonlyArray<string>
}

/** The item table: which lists of which field hold items. A value with no item in any of them is itself the item. */
export const lists: { readonly [field: string]: Lists } = {
  messages: { each: ["messages", "statuses", "errors", "user_actions"] },
  calls: { each: ["calls", "statuses"], alone: ["errors"] },
  smb_message_echoes: { each: ["message_echoes"] },
  message_echoes: { each: ["message_echoes"] },
  group_lifecycle_update: { each: ["groups"] },
  group_participants_update: { each: ["groups"] },
  group_participant_update: { each: ["groups"] },
  group_settings_update: { each: ["groups"] },
  group_status_update: { each: ["groups"] },
  user_preferences: { each: ["user_preferences"] },
  smb_app_state_sync: { each: ["state_sync"] },
  history: { each: ["history.*.threads.*.messages", "history.*.errors", "messages", "message_echoes", "errors"] },
  standby: { each: ["standby.messages", "standby.statuses", "standby.message_echoes"] }
}

const text = (value: Schema.Json | undefined): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined

/** All items of an envelope, in Meta's order; nothing is left out, and nothing here can fail. */
export const items = (envelope: { readonly entry: ReadonlyArray<Schema.Json> }): ReadonlyArray<Item> => {
  const found: Array<Item> = []
  envelope.entry.forEach((entry, e) => {
    const position = `entry[${e}]`
    if (!isJsonObject(entry) || !Array.isArray(entry.changes)) {
      found.push({
        position,
        raw: entry,
        broken: isJsonObject(entry)
          ? { path: `${position}.changes`, reason: "expected a list" }
          : { path: position, reason: "expected an object" }
      })
      return
    }
    const entryId = text(entry.id)
    entry.changes.forEach((change: Schema.Json, c) => {
      found.push(...ofChange(change, `${position}.changes[${c}]`, entryId))
    })
  })
  return found
}

const ofChange = (change: Schema.Json, position: string, entryId: string | undefined): ReadonlyArray<Item> => {
  const above = entryId === undefined ? {} : { entryId }
  if (!isJsonObject(change) || typeof change.field !== "string") {
    const broken = isJsonObject(change)
      ? { path: `${position}.field`, reason: "expected a string" }
      : { path: position, reason: "expected an object" }
    return [{ position, raw: change, broken, ...above }]
  }
  const { field, value } = change
  const known = Object.hasOwn(lists, field) ? lists[field] : undefined
  if (known === undefined || !isJsonObject(value)) {
    const item = { position, raw: change, field, ...above }
    if (known === undefined) return [isJsonObject(value) ? { ...item, value } : item]
    return [{ ...item, broken: { path: `${position}.value`, reason: "expected an object" } }]
  }
  const shared = { field, value, ...above }
  const inLists = (paths: ReadonlyArray<string>) => {
    // Two paths share their first steps, and what is broken there is one item.
    const found = new Map<string, Item>()
    for (const path of paths) {
      for (const item of elements(value, path.split("."), `${position}.value`, path)) {
        if (!found.has(item.position)) found.set(item.position, { ...shared, ...item })
      }
    }
    return Array.from(found.values())
  }
  const each = inLists(known.each)
  if (each.length > 0) return each
  const alone = inLists(known.alone ?? [])
  return alone.length > 0 ? alone : [{ position, raw: change, ...shared }]
}

/** The elements at the end of a path; what has the wrong kind on the way is one broken item, what is absent is none. */
const elements = (
  from: Schema.Json | undefined,
  path: ReadonlyArray<string>,
  position: string,
  list: string
): ReadonlyArray<Pick<Item, "position" | "list" | "raw" | "broken">> => {
  if (from === undefined || from === null) return []
  const [key, ...rest] = path
  if (key === undefined || key === "*") {
    if (!Array.isArray(from))
      return [{ position, list, raw: from, broken: { path: position, reason: "expected a list" } }]
    return from.flatMap((element: Schema.Json, i) =>
      key === undefined
        ? [{ position: `${position}[${i}]`, list, raw: element }]
        : elements(element, rest, `${position}[${i}]`, list)
    )
  }
  if (!isJsonObject(from))
    return [{ position, list, raw: from, broken: { path: position, reason: "expected an object" } }]
  return elements(from[key], rest, `${position}.${key}`, list)
}
