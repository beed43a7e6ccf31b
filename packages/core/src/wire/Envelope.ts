/**
 * Meta's envelope, taken apart into items. One delivery carries up to 1000 of them, over several entries, changes and
 * lists; every one becomes exactly one event, so this is the only place where they are counted.
 */
import type * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
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
  const found: Found = { items: [], broken: undefined }
  for (const [e, entry] of envelope.entry.entries()) {
    const position = `entry[${e}]`
    if (!isJsonObject(entry) || !Array.isArray(entry.changes)) {
      found.items.push({
        position,
        raw: entry,
        broken: isJsonObject(entry)
          ? { path: `${position}.changes`, reason: "expected a list" }
          : { path: position, reason: "expected an object" }
      })
      continue
    }
    const above: Types.Mutable<Above> = {}
    const entryId = text(entry.id)
    if (entryId !== undefined) above.entryId = entryId
    if (entry.time !== undefined) above.time = entry.time
    const changes: ReadonlyArray<Schema.Json> = entry.changes
    for (const [c, change] of changes.entries()) addChange(found, change, `${position}.changes[${c}]`, above)
  }
  return found.items
}

interface Found {
  readonly items: Array<Item>
  /** Where lists and the objects around them are broken: two paths share their first steps, and that is one item. */
  broken: Set<string> | undefined
}

type Above = Pick<Item, "entryId" | "time">

const addChange = (found: Found, change: Schema.Json, position: string, above: Above): void => {
  if (!isJsonObject(change) || typeof change.field !== "string") {
    const broken = isJsonObject(change)
      ? { path: `${position}.field`, reason: "expected a string" }
      : { path: position, reason: "expected an object" }
    found.items.push({ position, raw: change, broken, ...above })
    return
  }
  const { field, value } = change
  const known = Object.hasOwn(lists, field) ? lists[field] : undefined
  if (known === undefined || !isJsonObject(value)) {
    const item = { position, raw: change, field, ...above }
    if (known !== undefined)
      found.items.push({ ...item, broken: { path: `${position}.value`, reason: "expected an object" } })
    else found.items.push(isJsonObject(value) ? { ...item, value } : item)
    return
  }
  const shared: Shared = { ...above, field, value }
  const before = found.items.length
  for (const paths of stepsOf.get(field) ?? []) {
    for (const { list, steps } of paths) addElements(found, value, steps, 0, `${position}.value`, list, nowhere, shared)
    if (found.items.length > before) return
  }
  found.items.push({ ...shared, position, raw: change })
}

/** What all items of a change have. */
type Shared = Required<Pick<Item, "field" | "value">> & Above

interface Path {
  readonly list: string
  readonly steps: ReadonlyArray<string>
}

/** The paths of each field: first those of `each`, then those that count only alone. */
const stepsOf: ReadonlyMap<string, ReadonlyArray<ReadonlyArray<Path>>> = new Map(
  Object.entries(lists).map(([field, { alone, each }]) => [
    field,
    [each, alone ?? []].map((paths) => paths.map((list) => ({ list, steps: list.split(".") })))
  ])
)

const nowhere: ReadonlyArray<Schema.JsonObject> = []

/** Adds the elements at the end of a path; what has the wrong kind on the way is one broken item, what is absent is none. */
const addElements = (
  found: Found,
  from: Schema.Json | undefined,
  steps: ReadonlyArray<string>,
  step: number,
  position: string,
  list: string,
  within: ReadonlyArray<Schema.JsonObject>,
  shared: Shared
): void => {
  if (from === undefined || from === null) return
  const key = steps[step]
  if (key === undefined || key === "*") {
    if (!Array.isArray(from)) {
      addBroken(found, { ...shared, position, list, raw: from, broken: { path: position, reason: "expected a list" } })
      return
    }
    const elements: ReadonlyArray<Schema.Json> = from
    for (const [i, element] of elements.entries()) {
      const at = `${position}[${i}]`
      if (key === undefined) found.items.push({ ...shared, position: at, list, raw: element, within })
      else {
        const inside = isJsonObject(element) ? [...within, element] : within
        addElements(found, element, steps, step + 1, at, list, inside, shared)
      }
    }
    return
  }
  if (!isJsonObject(from)) {
    addBroken(found, { ...shared, position, list, raw: from, broken: { path: position, reason: "expected an object" } })
    return
  }
  const next = from[key]
  if (next !== undefined) addElements(found, next, steps, step + 1, `${position}.${key}`, list, within, shared)
}

const addBroken = (found: Found, item: Item): void => {
  found.broken ??= new Set()
  if (found.broken.has(item.position)) return
  found.broken.add(item.position)
  found.items.push(item)
}
