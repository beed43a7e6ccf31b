/** What the file of an inbox shows to whoever does not own it. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as fs from "node:fs"
import type * as Inbox from "../Inbox.ts"
import * as Tables from "./sqliteTables.ts"

const Status = Schema.Struct({
  unsettled: Schema.Int,
  deliveries: Schema.Int,
  bytes: Schema.Int,
  oldest: Schema.NullOr(Schema.Int),
  waiting: Schema.Int,
  dead: Schema.Int
})
const decodeStatus = Schema.decodeUnknownEffect(Status)

const selectStatus = `WITH open AS (
    SELECT settled, received_at, length(body) AS size FROM whatsapp_deliveries
    WHERE settled = 0 OR number IN (SELECT delivery FROM whatsapp_tasks WHERE state = 'waiting')
  )
  SELECT count(*) AS deliveries, coalesce(sum(size), 0) AS bytes, min(received_at) AS oldest,
    coalesce(sum(settled = 0), 0) AS unsettled,
    (SELECT count(*) FROM whatsapp_tasks WHERE state = 'waiting') AS waiting,
    (SELECT count(*) FROM whatsapp_tasks WHERE state = 'dead') AS dead
  FROM open`

/** Bytes of the file and of the log beside it. */
export const sizeOf = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, file) => sum + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)

export const status = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql.unsafe(selectStatus)
  return yield* decodeStatus(row)
})

const Letter = Schema.Struct({ ...Tables.TaskRow.fields, digest: Tables.Digest })
const decodeLetters = Schema.decodeUnknownEffect(Schema.Array(Letter))

const selectLetters = `SELECT task.*, delivery.digest FROM whatsapp_tasks AS task
  JOIN whatsapp_deliveries AS delivery ON delivery.number = task.delivery
  WHERE task.state = 'dead' ORDER BY task.died_at, task.place`

export const letters = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* decodeLetters(yield* sql.unsafe(selectLetters))
  return rows.map((row): Inbox.DeadLetter => {
    const { admitted_at, attempts, cause, decision, died_at, digest, lane, listener, position, tag } = row
    return {
      task: {
        id: String(row.id),
        digest,
        position,
        listener,
        lane,
        tag,
        decision,
        attempts,
        admittedAt: DateTime.makeUnsafe(admitted_at)
      },
      cause: cause ?? "",
      diedAt: DateTime.makeUnsafe(died_at ?? admitted_at)
    }
  })
})
