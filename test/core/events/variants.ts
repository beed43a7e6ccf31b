/** What may differ in a delivery of a documented shape, and what must not. */
import { assert } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery, type Incoming } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import type { Fixture } from "../../fixtures/fixtures.ts"
import * as Paths from "../../fixtures/paths.ts"

const digest = DeliveryDigest.make("variant")

export const decode = (json: Schema.Json): ReadonlyArray<Incoming> => fromDelivery(digest, Delivery.encode(json))

/** An event in one word, and where it is broken with the path. */
export const tagOf = ({ event }: Incoming): string =>
  event._tag === "Undecodable" ? `Undecodable at ${event.path}` : event._tag

/** Paths in a fixture at which something may differ. */
export interface Places {
  /** The first item. */
  readonly item: string
  /** Members that may be missing, or `null`. */
  readonly optional: ReadonlyArray<string>
  /** Objects that may have more members. */
  readonly objects: ReadonlyArray<string>
  /** Numbers that may be strings, and the other way round. */
  readonly digits: ReadonlyArray<string>
  /** Words of an enumeration that may be others. */
  readonly words: ReadonlyArray<string>
}

export const placesOf = (fixture: Fixture): Places => {
  const { decides, json, required } = fixture
  const [item, ...others] = decode(json).map(({ position }) => position)
  assert(item !== undefined)
  const all = Paths.members(json)
  const deciding = decides.map((path) => Paths.inside(item, path))
  const kept = [
    item,
    ...others,
    ...required.map((path) => Paths.inside(item, path)),
    ...deciding,
    ...all.flatMap(({ path }) =>
      /changes\[\d+\]\.(field|value|value\.metadata\.phone_number_id)$/.test(path) ? [path] : []
    )
  ]
  const free = all.filter(({ path }) => !others.some((other) => Paths.leadsTo(other, path)))
  const isKind = (path: string) =>
    path === Paths.inside(item, "type") ||
    path === Paths.inside(item, "interactive.type") ||
    path.endsWith(".field") ||
    deciding.includes(path)
  const where = (keep: (member: Paths.Member) => boolean) => free.filter(keep).map(({ path }) => path)
  return {
    item,
    optional: where(({ path }) => !kept.some((other) => Paths.leadsTo(path, other))),
    objects: Paths.objects(json),
    digits: where(({ value }) => swapped(value) !== undefined),
    words: where(({ path, value }) => typeof value === "string" && /^[a-zA-Z_]+$/.test(value) && !isKind(path))
  }
}

/** The number for a string of digits, and the string for a number, where nothing is lost. */
const swapped = (value: Schema.Json): Schema.Json | undefined => {
  if (typeof value === "number") return String(value)
  return typeof value === "string" && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : undefined
}

/** What is done to a fixture, as paths, so that a counterexample says what matters. */
export interface Changes {
  readonly missing: ReadonlyArray<string>
  readonly null: ReadonlyArray<string>
  readonly extended: ReadonlyArray<string>
  readonly swapped: ReadonlyArray<string>
  readonly renamed: ReadonlyArray<string>
  /** By how many places the members of every object are moved. */
  readonly moved: number
}

export const nothing: Changes = { missing: [], null: [], extended: [], swapped: [], renamed: [], moved: 0 }

/** Properties that Meta may add. */
const extra: ReadonlyArray<readonly [string, Schema.Json]> = [
  ["later_object", { later: true }],
  ["later_text", "later"],
  ["later_null", null],
  ["later_list", [{ later: true }, 7]],
  ["later_number", 7]
]

export const changed = (json: Schema.Json, changes: Changes): Schema.Json => {
  let now = json
  for (const path of changes.swapped) now = Paths.set(now, path, swapped(Paths.get(json, path) ?? null))
  for (const path of changes.renamed) now = Paths.set(now, path, "LATER_word")
  for (const path of changes.null) now = Paths.set(now, path, null)
  for (const path of changes.missing) now = Paths.set(now, path, undefined)
  const isExtended = new Set(changes.extended)
  return Paths.mapObjects(now, (entries, path) => {
    const all = isExtended.has(path) ? [...extra, ...entries] : entries
    const start = changes.moved % Math.max(1, all.length)
    return [...all.slice(start), ...all.slice(0, start)]
  })
}
