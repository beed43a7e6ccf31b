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
  /** When Meta noticed, in fields about the account. */
  readonly time?: Schema.Json
  /** The value around it, which holds what items share: `metadata`, `contacts`, `errors`. */
  readonly value?: Schema.JsonObject
  /** The objects between the value and the item, from outside to inside: a chunk and a thread of a history. */
  readonly within?: ReadonlyArray<Schema.JsonObject>
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
    const above = {
      ...(entryId === undefined ? {} : { entryId }),
      ...(entry.time === undefined ? {} : { time: entry.time })
    }
    entry.changes.forEach((change: Schema.Json, c) => addChange(found, change, `${position}.changes[${c}]`, above))
  })
  return found
}

const addChange = (
  found: Array<Item>,
  change: Schema.Json,
  position: string,
  above: Pick<Item, "entryId" | "time">
): void => {
  if (!isJsonObject(change) || typeof change.field !== "string") {
    const broken = isJsonObject(change)
      ? { path: `${position}.field`, reason: "expected a string" }
      : { path: position, reason: "expected an object" }
    found.push({ position, raw: change, broken, ...above })
    return
  }
  const { field, value } = change
  const known = Object.hasOwn(lists, field) ? lists[field] : undefined
  if (known === undefined || !isJsonObject(value)) {
    const item = { position, raw: change, field, ...above }
    if (known !== undefined)
      found.push({ ...item, broken: { path: `${position}.value`, reason: "expected an object" } })
    else found.push(isJsonObject(value) ? { ...item, value } : item)
    return
  }
  const shared = { field, value, ...above }
  const before = found.length
  for (const paths of [known.each, known.alone ?? []]) {
    // Two paths share their first steps, and what is broken there is one item.
    const broken = new Set<string>()
    for (const path of paths) {
      addElements(value, path.split("."), `${position}.value`, path, [], (item) => {
        if (item.broken !== undefined) {
          if (broken.has(item.position)) return
          broken.add(item.position)
        }
        found.push({ ...shared, ...item })
      })
    }
    if (found.length > before) return
  }
  found.push({ position, raw: change, ...shared })
}

type Element = Pick<Item, "position" | "list" | "raw" | "within" | "broken">

/** The elements at the end of a path; what has the wrong kind on the way is one broken item, what is absent is none. */
const addElements = (
  from: Schema.Json | undefined,
  path: ReadonlyArray<string>,
  position: string,
  list: string,
  within: ReadonlyArray<Schema.JsonObject>,
  add: (element: Element) => void
): void => {
  if (from === undefined || from === null) return
  const [key, ...rest] = path
  if (key === undefined || key === "*") {
    if (!Array.isArray(from)) {
      add({ position, list, raw: from, broken: { path: position, reason: "expected a list" } })
      return
    }
    from.forEach((element: Schema.Json, i) => {
      const at = `${position}[${i}]`
      if (key === undefined) add({ position: at, list, raw: element, within })
      else addElements(element, rest, at, list, isJsonObject(element) ? [...within, element] : within, add)
    })
    return
  }
  if (!isJsonObject(from)) {
    add({ position, list, raw: from, broken: { path: position, reason: "expected an object" } })
    return
  }
  addElements(from[key], rest, `${position}.${key}`, list, within, add)
}
