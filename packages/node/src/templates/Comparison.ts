/** What differs between a file and the account that it was pulled from. */
import type { Entry } from "./Entry.ts"
import type { Pulled } from "./Stamp.ts"

export interface Difference {
  /** `added` and `removed` at Meta, seen from the file. */
  readonly change: "added" | "changed" | "removed"
  readonly name: string
  readonly language: string
}

const keyOf = ({ language, name }: Pick<Pulled, "name" | "language">) => JSON.stringify([name, language])

/** All differences, in the order of the account, and then what is gone. */
export const differences = (file: ReadonlyArray<Pulled>, account: ReadonlyArray<Entry>): ReadonlyArray<Difference> => {
  const before = new Map(file.map((one) => [keyOf(one), one.digest]))
  const now = new Set(account.map(keyOf))
  const found = account.flatMap(({ digest, language, name }): ReadonlyArray<Difference> => {
    const known = before.get(keyOf({ name, language }))
    if (known === digest) return []
    return [{ change: known === undefined ? "added" : "changed", name, language }]
  })
  const gone = file.flatMap((one): ReadonlyArray<Difference> =>
    now.has(keyOf(one)) ? [] : [{ change: "removed", name: one.name, language: one.language }]
  )
  return [...found, ...gone]
}
