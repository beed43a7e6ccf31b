/** Members that were given: what is `undefined` is left out, and what is empty stays, so that it fails by its name. */
export const given = <T extends object>(members: T): Given<T> => {
  const kept: Record<string, unknown> = {}
  let key: keyof T & string
  for (key in members) {
    const value = members[key]
    if (value !== undefined) kept[key] = value
  }
  // The loop drops exactly the keys that `Given` makes optional, which no type can follow.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return kept as Given<T>
}

type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** `T` with the members optional that may be `undefined`. */
export type Given<T> = { readonly [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  readonly [K in Optional<T>]?: Exclude<T[K], undefined>
}
