/** Drops the keys that hold nothing, so that what is absent stays absent. */
export const present = <T extends object>(fields: T): Present<T> => {
  const kept: Record<string, unknown> = {}
  let key: keyof T & string
  for (key in fields) {
    const value = fields[key]
    if (value !== undefined && value !== null && value !== "") kept[key] = value
  }
  // The loop drops exactly the keys that `Present` makes optional, which no type can follow.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return kept as Present<T>
}

/** Drops the keys that hold `undefined` alone, so that what is empty stays, and fails by its name. */
export const given = <T extends object>(fields: T): Given<T> => {
  const kept: Record<string, unknown> = {}
  let key: keyof T & string
  for (key in fields) {
    const value = fields[key]
    if (value !== undefined) kept[key] = value
  }
  // The loop drops exactly the keys that `Given` makes optional, which no type can follow.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return kept as Given<T>
}

/** The first that holds something, of several spellings of one thing. */
export const first = <T>(...spellings: ReadonlyArray<T | null | undefined>): T | undefined => {
  for (const value of spellings) if (value !== undefined && value !== null && value !== "") return value
  return undefined
}

type Optional<T> = { [K in keyof T]: null extends T[K] ? K : undefined extends T[K] ? K : never }[keyof T]

/** `T` with its nullable keys made optional. */
export type Present<T> = { readonly [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  readonly [K in Optional<T>]?: NonNullable<T[K]>
}

/** `T` with the keys optional that may be `undefined`. */
export type Given<T> = { readonly [K in Exclude<keyof T, Undefinable<T>>]: T[K] } & {
  readonly [K in Undefinable<T>]?: Exclude<T[K], undefined>
}

type Undefinable<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]
