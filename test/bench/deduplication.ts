/**
 * `npm run bench:deduplication`: what admitting a message costs a deduplication that holds a million keys already, and
 * what it keeps for each of them: in memory, and in SQLite with the commit.
 */
import { Deduplication, SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { Console, Effect, Layer } from "effect"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const keys = 1_000_000
/** As many as are admitted in one turn of the event loop. */
const batch = 200
const measured = 100_000

let seed = 1
const random = (below: number): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
  return Math.floor((seed / 0x80000000) * below)
}
/** As Meta's: the phone of a person among many, and something random. */
const newKey = (): string => {
  const hex = Array.from({ length: 18 }, () => random(16).toString(16).toUpperCase()).join("")
  const phone = String(16_500_000_000 + random(1_000_000))
  const wamid = Buffer.from(`\u0018\u000b${phone}\u0015\u0002\u0000\u0011\u0018\u0012${hex}\u0000`).toString("base64")
  return `messages/207311904455012/message/wamid.${wamid}`
}
const newBatches = (count: number): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: count / batch }, () => Array.from({ length: batch }, newKey))

const bytesInMemory = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const admit = Effect.fnUntraced(function* (
  batches: ReadonlyArray<ReadonlyArray<string>>,
  committed: SqlJournal.SqlJournal["Service"]["committed"]
) {
  const { claim, complete } = yield* Deduplication.Deduplication
  const all = (some: ReadonlyArray<string>) =>
    Effect.forEach(
      some,
      (key) => Effect.flatMap(claim(key), (claim) => (claim._tag === "Claimed" ? complete(claim.token) : Effect.void)),
      { discard: true }
    )
  const start = process.cpuUsage()
  for (const some of batches) {
    yield* all(some)
    yield* committed
  }
  const { system, user } = process.cpuUsage(start)
  return (system + user) / (batches.length * batch)
})

const row = (name: string, first: number, microseconds: number, bytes: number) =>
  `${name.padEnd(8)} ${first.toFixed(1).padStart(14)} ${microseconds.toFixed(1).padStart(14)} ${bytes.toFixed(0).padStart(14)}`

const inMemory = Effect.gen(function* () {
  const [filling, more] = [newBatches(keys), newBatches(measured)]
  const before = bytesInMemory()
  const first = yield* admit(filling, Effect.void)
  // The keys themselves were there before.
  const bytes = (bytesInMemory() - before) / keys
  yield* Console.log(row("memory", first, yield* admit(more, Effect.void), bytes))
}).pipe(Effect.provide(Deduplication.layerMemory({ capacity: keys * 4 })))

const inSqlite = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "effect-whatsapp-bench-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
  )
  const path = join(folder, "whatsapp.db")
  const store = Layer.provideMerge(Deduplication.layerSql(), SqliteClient.layer({ path }))
  const filled = yield* Effect.gen(function* () {
    const { committed } = yield* SqlJournal.SqlJournal
    return yield* admit(newBatches(keys), committed)
  }).pipe(Effect.provide(store))
  const { size } = yield* Effect.promise(() => stat(path))
  const microseconds = yield* Effect.gen(function* () {
    const { committed } = yield* SqlJournal.SqlJournal
    return yield* admit(newBatches(measured), committed)
  }).pipe(Effect.provide(store))
  yield* Console.log(row("SQLite", filled, microseconds, size / keys))
})

await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      yield* Console.log(`claim + complete, ${batch} keys in a turn, processor time`)
      yield* Console.log("         µs, first 10^6  µs, from there  bytes for each")
      yield* inMemory
      yield* inSqlite
    })
  )
)
