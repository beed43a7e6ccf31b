/** A journal over any `SqlClient`, for stores whose database is not opened by an inbox. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type Member, type Row, SqlJournal } from "../services/SqlJournal.ts"

const shortest = 100
const longest = 5000

/**
 * Makes a journal that commits through the `SqlClient` until the scope closes. A commit that fails is tried again after
 * 100 milliseconds, doubling to 5 seconds.
 */
export const make: Effect.Effect<SqlJournal["Service"], never, SqlClient.SqlClient | Scope.Scope> = Effect.gen(
  function* () {
    const sql = (yield* SqlClient.SqlClient).withoutTransforms()
    const members = new Set<Member>()
    const wake = yield* Latch.make()
    const hurry = yield* Latch.make()
    /** Whether there are changes that no commit has taken up, and who waits for the commit that will. */
    let isChanged = false
    let next = Deferred.makeUnsafe<void, SqlError>()
    /** The commit that is under way. */
    let current: Deferred.Deferred<void, SqlError> | undefined

    const changed = () => {
      isChanged = true
      wake.openUnsafe()
    }
    const committed = Effect.suspend(() => {
      if (isChanged) return Deferred.await(next)
      return current === undefined ? Effect.void : Deferred.await(current)
    })
    /** Whole: whoever is told that its changes are on their way is also told what became of them. */
    const commit = Effect.suspend(() => {
      const taken = [...members]
      const writes = taken.flatMap((member) => Array.from(member.changes()))
      const waiting = next
      next = Deferred.makeUnsafe()
      current = waiting
      isChanged = false
      wake.closeUnsafe()
      return sql
        .withTransaction(Effect.forEach(writes, (write) => sql.unsafe(write.sql, write.params), { discard: true }))
        .pipe(
          Effect.onExit((exit) =>
            Effect.sync(() => {
              if (Exit.isSuccess(exit)) for (const member of taken) member.kept()
              else {
                for (const member of taken) member.lost(exit.cause)
                changed()
              }
              current = undefined
              Deferred.doneUnsafe(waiting, exit)
            })
          )
        )
    }).pipe(Effect.uninterruptible)

    let wait = shortest
    const loop = Effect.gen(function* () {
      yield* wake.await
      // What the rest of this turn changes goes along.
      yield* Effect.yieldNow
      const exit = yield* Effect.exit(commit)
      if (Exit.isSuccess(exit)) {
        wait = shortest
        return
      }
      yield* Effect.timeoutOption(hurry.await, wait)
      wait = Math.min(wait * 2, longest)
    })
    yield* Effect.forkScoped(Effect.forever(loop))

    const last = Effect.suspend(() => {
      hurry.openUnsafe()
      return committed
    }).pipe(
      Effect.catchCause(() => Effect.logWarning("The last changes of a store could not be committed, and are lost.")),
      Effect.ensuring(Effect.sync(() => hurry.closeUnsafe()))
    )

    return {
      join: (member) =>
        Effect.acquireRelease(
          Effect.sync(() => void members.add(member)),
          () =>
            Effect.ensuring(
              last,
              Effect.sync(() => members.delete(member))
            )
        ),
      changed,
      committed,
      read: (text, ...params) => sql.unsafe<Row>(text, params)
    }
  }
)

/** The journal of the context; without one, a journal of its own. */
export const orMake: Effect.Effect<SqlJournal["Service"], never, SqlClient.SqlClient | Scope.Scope> = Effect.flatMap(
  Effect.serviceOption(SqlJournal),
  Option.match({ onNone: () => make, onSome: Effect.succeed })
)
