/**
 * Identities of one process in a SQL database. A question is answered in one step from what is in memory; when a link is
 * met of which nothing is known there, the database is asked for it and the question is put again.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { PhoneNumberId } from "../domain/Ids.ts"
import type { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import { IdentitiesError } from "../errors/IdentitiesError.ts"
import type { Identities, Known } from "../services/Identities.ts"
import { keysOf, keyWithin } from "./IdentitiesKey.ts"
import * as IdentitiesLinks from "./IdentitiesLinks.ts"
import * as SqlMap from "./SqlMap.ts"

export interface Options {
  /** How long a link is kept after it was last used, to within a day. @default "90 days" */
  readonly remember?: Duration.Input | undefined
  /** How many links are remembered at most: about one for each person. @default 20_000_000 */
  readonly capacity?: number | undefined
}

export const make = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<Identities["Service"], SqlError, SqlClient.SqlClient | Scope.Scope> {
  const links = yield* SqlMap.make({
    store: "identities",
    remember: options?.remember ?? "90 days",
    capacity: options?.capacity ?? 20_000_000,
    isReversible: true
  })

  /** What the question that is being answered says, and of what it would have to know more. */
  let told = new Map<string, string>()
  let missing = new Set<string>()
  const answers = IdentitiesLinks.make({
    get: (from) => {
      const to = told.get(from) ?? links.peek(from)
      if (to === undefined) missing.add(from)
      return to ?? undefined
    },
    set: (from, to) => void told.set(from, to)
  })
  const ask = (question: () => Known): Effect.Effect<Known, IdentitiesError> =>
    Effect.suspend(() => {
      told = new Map()
      missing = new Set()
      const answer = question()
      if (missing.size > 0) return loadAndAsk(missing, question)
      for (const [from, to] of told) links.set(from, to)
      return Effect.succeed(answer)
    })
  const loadAndAsk = (keys: ReadonlySet<string>, question: () => Known) =>
    Effect.matchEffect(Effect.forEach(keys, links.load, { discard: true }), {
      onFailure: (cause) => Effect.fail(new IdentitiesError({ cause })),
      onSuccess: () => ask(question)
    })

  /** With `find` in place of `peek` nothing is missing. */
  const direct = IdentitiesLinks.make({
    get: (from) => links.find(from) ?? undefined,
    set: (from, to) => void links.set(from, to)
  })

  const forget = Effect.fnUntraced(
    function* (number: PhoneNumberId, user: Known) {
      const keys = keysOf(yield* ask(() => answers.find(number, user)))
      // What is asked for backwards is only what was committed.
      yield* links.journal.committed
      const forgotten = new Set(keys === undefined ? [] : [keys.key])
      for (const to of forgotten) {
        for (const from of yield* links.keysOf(to)) {
          const key = keyWithin(number, from)
          if (key === undefined) continue
          links.remove(from)
          forgotten.add(key)
        }
      }
      yield* links.journal.committed
    },
    Effect.catchTag("SqlError", (cause) => Effect.fail(new IdentitiesError({ cause })))
  )

  return {
    observe: Object.assign((number: PhoneNumberId, user: WhatsAppUser) => ask(() => answers.observe(number, user)), {
      now: direct.observe
    }),
    find: Object.assign((number: PhoneNumberId, user: WhatsAppUser) => ask(() => answers.find(number, user)), {
      now: direct.find
    }),
    merge: Object.assign(
      (number: PhoneNumberId, previous: WhatsAppUser, current: WhatsAppUser) =>
        ask(() => answers.merge(number, previous, current)),
      { now: direct.merge }
    ),
    forget
  }
})
