/**
 * What admitting a message costs a deduplication that holds a million keys already, and what it keeps for each of them:
 * in memory, and in SQLite with the commit. A part of the benchmark, or by itself
 * `node --expose-gc --conditions=effect-whatsapp-source test/bench/deduplication.ts`.
 */
import { Deduplication, SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { Console, Effect, Layer } from "effect"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const keys = Number(process.env["BENCH_KEYS"] ?? 1_000_000)
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
const bytesInMemory = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Admits so many new keys, and tells how many microseconds each took. */
const admit = Effect.fnUntraced(function* (count: number, committed: SqlJournal.SqlJournal["Service"]["committed"]) {
  const { claim, complete } = yield* Deduplication.Deduplication
  const all = (some: ReadonlyArray<string>) =>
    Effect.forEach(
      some,
      (key) => Effect.flatMap(claim(key), (claim) => (claim._tag === "Claimed" ? complete(claim.token) : Effect.void)),
      { discard: true }
    )
  let microseconds = 0
  for (let admitted = 0; admitted < count; admitted += batch) {
    const some = Array.from({ length: batch }, newKey)
    const start = process.cpuUsage()
    yield* all(some)
    yield* committed
    const { system, user } = process.cpuUsage(start)
    microseconds += system + user
  }
  return microseconds / count
})

/** Tells the part of the benchmark that started this, or prints when nobody did. */
const report = (store: string, first: number, more: number, bytes: number) =>
  process.send === undefined
    ? Console.log(
        `${store}: ${first.toFixed(1)} µs, then ${more.toFixed(1)} µs; ${bytes.toFixed(0)} bytes for each key`
      )
    : Effect.sync(() => void process.send?.({ store, keys, first, more, bytes }))

const inMemory = Effect.gen(function* () {
  const before = bytesInMemory()
  const first = yield* admit(keys, Effect.void)
  const bytes = (bytesInMemory() - before) / keys
  yield* report("Deduplication.layerMemory()", first, yield* admit(measured, Effect.void), bytes)
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
    return yield* admit(keys, committed)
  }).pipe(Effect.provide(store))
  const { size } = yield* Effect.promise(() => stat(path))
  const microseconds = yield* Effect.gen(function* () {
    const { committed } = yield* SqlJournal.SqlJournal
    return yield* admit(measured, committed)
  }).pipe(Effect.provide(store))
  yield* report("Deduplication.layerSql()", filled, microseconds, size / keys)
})

await Effect.runPromise(Effect.scoped(Effect.andThen(inMemory, inSqlite)))
if (process.connected) process.disconnect()
