/** What tests of a SQLite file need: a folder of their own, and the event loop to turn. */
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import * as fs from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder that ends with the effect. */
export const inFolder = <A, E, R>(use: (folder: string) => Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "effect-whatsapp-"))),
    use,
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
  )

/** Lets the event loop turn, so that what was changed is committed. */
export const turns = Effect.repeat(
  Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void))),
  { times: 3 }
)

/** An inbox on a file, which can end in every way and be opened again. It ends with the scope. */
export const makeFile = Effect.fnUntraced(function* (folder: string, options?: Omit<Inbox.SqliteOptions, "path">) {
  const outer = yield* Effect.scope
  let name = 0
  let scope: Scope.Closeable | undefined
  const path = () => `${folder}/inbox${name}.db`

  const context = Effect.gen(function* () {
    scope = yield* Scope.fork(outer)
    return yield* Layer.buildWithScope(Layer.fresh(Inbox.layerSqlite({ path: path(), ...options })), scope)
  })
  const open = Effect.map(context, (built) => Context.get(built, Inbox.Inbox))
  const close = Effect.suspend(() => (scope === undefined ? Effect.void : Scope.close(scope, Exit.void)))
  return {
    path,
    /** Opens it, for those who want the file too. */
    context,
    open,
    close,
    restart: Effect.andThen(close, open),
    /** Opens what a process that was killed now would leave behind. */
    crash: Effect.gen(function* () {
      const before = path()
      name++
      for (const suffix of ["", "-wal"]) fs.copyFileSync(before + suffix, path() + suffix)
      yield* close
      return yield* open
    })
  }
})

/** Waits for what the file's owner does in its own time, which no test clock moves. */
export const eventually = (holds: () => boolean) =>
  Effect.callback<void>((resume) => {
    const look = () => {
      if (holds()) resume(Effect.void)
      else setTimeout(look, 10)
    }
    look()
  })
