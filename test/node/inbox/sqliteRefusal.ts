/** Opens a file as a program does at its start, and what its operator reads when that is refused. */
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert } from "@effect/vitest"
import { Effect, type Layer } from "effect"

export const start = (path: string) => Effect.scoped(Effect.provide(Effect.void, SqliteClient.layer({ path })))

/** What the operator reads. */
export const refusal = Effect.fnUntraced(function* <A>(layer: Layer.Layer<A, { readonly message: string }>) {
  const error = yield* Effect.flip(Effect.scoped(Effect.provide(Effect.void, layer)))
  assert.notInclude(error.message, "\n")
  return error.message
})

export const refusalOf = (path: string) => refusal(SqliteClient.layer({ path }))
