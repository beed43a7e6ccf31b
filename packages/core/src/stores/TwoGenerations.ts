/**
 * A bounded map in two generations, of which the older is dropped whole: what is set again stays, the rest falls out.
 * Evicting one key at a time from a large `Map` costs ten times as much.
 */

export interface TwoGenerations<V> {
  readonly get: (key: string) => V | undefined
  readonly set: (key: string, value: V) => void
  readonly delete: (key: string) => void
  /** Some of them twice. */
  readonly keys: () => ReadonlyArray<string>
}

/** Remembers at most `capacity` keys, and at least half as many of those that were set last. */
export const make = <V>(capacity: number): TwoGenerations<V> => {
  const half = Math.max(1, Math.floor(capacity / 2))
  let young = new Map<string, V>()
  let old = new Map<string, V>()
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set: (key, value) => {
      if (young.size >= half && !young.has(key)) {
        old = young
        young = new Map()
      }
      young.set(key, value)
    },
    delete: (key) => {
      young.delete(key)
      old.delete(key)
    },
    keys: () => [...young.keys(), ...old.keys()]
  }
}
