/** Elements of a list that must differ from each other in something. */
import * as Schema from "effect/Schema"

/** Where the first key stands that came before, or -1. */
export const firstRepeated = (keys: ReadonlyArray<unknown>): number => {
  const seen = new Set<unknown>()
  return keys.findIndex((key) => seen.size === seen.add(key).size)
}

/** Check that no two elements have the same key; the error stands at `path` in the second one. */
export const distinct = <A>(key: (element: A) => unknown, path: ReadonlyArray<PropertyKey>, expected: string) =>
  Schema.makeFilter<ReadonlyArray<A>>(
    (list) => {
      const at = firstRepeated(list.map(key))
      return at === -1 ? undefined : { path: [at, ...path], issue: `Expected ${expected}` }
    },
    { expected, arbitraryConstraint: { uniqueBy: key } }
  )
