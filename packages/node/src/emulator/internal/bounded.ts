/** Memory with an end: the emulator may run for days. */

/** How many of each kind are remembered. */
export const capacity = 10_000

/** Adds to a list and forgets the oldest when it is full. */
export const push = <A>(list: Array<A>, item: A): void => {
  list.push(item)
  if (list.length > capacity) list.shift()
}

/** Sets a key and forgets the oldest when the map is full. */
export const set = <K, V>(map: Map<K, V>, key: K, value: V): void => {
  map.set(key, value)
  if (map.size <= capacity) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
