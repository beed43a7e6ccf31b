/**
 * What each contestant does with a delivery, as it is seen from outside: servers run with handlers that tell when they
 * start and end, and some of which are slow or never end.
 */
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, Schema } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { burst, type Connection } from "../http/connections.ts"
import type { Contestant } from "../http/contestants.ts"
import { requestOf } from "../http/requests.ts"
import { type Server, start } from "../http/server.ts"
import { paragraph, table } from "../markdown.ts"
import { makePart } from "../results.ts"
import { chosen } from "./http.ts"

const Row = Schema.Struct({ name: Schema.String, findings: Schema.Record(Schema.String, Schema.String) })

/** Longer than the slow handler, and than whatever runs behind an answer. */
const settled = "1 second"

const text = (wamid: string, from = "16505550177") => Delivery.text(wamid, { from, text: "Grüße" })

/** Sends one body, and tells whether it was answered with 200. */
const send = (connection: Connection, body: Uint8Array, secret?: string) =>
  Effect.map(burst([connection], [requestOf(body, secret)]), ({ errors, latencies }) => ({
    isOk: errors === 0,
    milliseconds: latencies[0] ?? NaN
  }))

type Probe = (server: Server, connections: ReadonlyArray<Connection>) => Effect.Effect<string>

const on = (
  connections: ReadonlyArray<Connection>,
  use: (first: Connection, second: Connection) => Effect.Effect<string>
) => {
  const [first, second] = connections
  return first === undefined || second === undefined ? Effect.succeed("") : use(first, second)
}

const yes = (is: boolean) => (is ? "yes" : "no")

/** By the name of the column; the order is the order of the table. */
const probes: { readonly [column: string]: Probe } = {
  "refuses a wrong signature": (_, connections) =>
    on(connections, (one) => Effect.map(send(one, text("wamid.forged"), "another secret"), ({ isOk }) => yes(!isOk))),
  "checks the bytes as they came": (server, connections) =>
    on(connections, (one) =>
      Effect.gen(function* () {
        // Signed by the same rule, but with its text not escaped.
        const unescaped = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(text("wamid.utf8")).toString("utf8"))))
        const { isOk } = yield* send(one, unescaped)
        const { handled } = yield* server.told(settled)
        return yes(isOk && handled.includes("wamid.utf8"))
      })
    ),
  "handles all items of a batch": (server, connections) =>
    on(connections, (one) =>
      Effect.gen(function* () {
        const wamids = ["wamid.batch.1", "wamid.batch.2", "wamid.batch.3"]
        yield* send(one, Delivery.messages({ messages: wamids.map((wamid) => Delivery.textItem(wamid)) }))
        const { handled } = yield* server.told(settled)
        const count = handled.filter((wamid) => wamids.includes(wamid)).length
        return count === wamids.length ? "yes" : `${count} of ${wamids.length}`
      })
    ),
  "handles a redelivery once": (server, connections) =>
    on(connections, (one) =>
      Effect.gen(function* () {
        yield* send(one, text("wamid.again"))
        const first = yield* server.told(settled)
        yield* send(one, text("wamid.again"))
        const second = yield* server.told(settled)
        return yes([...first.handled, ...second.handled].filter((wamid) => wamid === "wamid.again").length === 1)
      })
    ),
  "answers before the handler ends": (server, connections) =>
    on(connections, (one) =>
      Effect.gen(function* () {
        const { milliseconds } = yield* send(one, text("wamid.slow"))
        yield* server.told(settled)
        return yes(milliseconds < 150)
      })
    ),
  "keeps the order of a conversation": (server, connections) =>
    on(connections, (one, other) =>
      Effect.gen(function* () {
        // The second comes while the handler of the first is still at it.
        const later = Effect.delay(send(other, text("wamid.order.2")), "50 millis")
        yield* Effect.all([send(one, text("wamid.order.1.slow")), later], { concurrency: 2 })
        const { all } = yield* server.told(settled)
        const firstEnds = all.indexOf("Handled wamid.order.1.slow")
        const secondStarts = all.indexOf("Started wamid.order.2")
        return yes(firstEnds !== -1 && secondStarts > firstEnds)
      })
    )
}

/** Whether a message that was answered is handled by the next process, when this one is killed in the handler. */
const survivesKill = Effect.fnUntraced(function* (contestant: Contestant) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-bench-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  const settings = { folder, env: { BENCH_PROBE: "1" } }
  const first = yield* start(contestant, settings)
  const [connection] = yield* first.connections(1)
  if (connection === undefined) return ""
  const answer = yield* Effect.timeoutOption(send(connection, text("wamid.never")), settled)
  yield* first.kill
  if (answer._tag === "None") return "no answer, so Meta sends it again"
  const second = yield* start(contestant, settings)
  const { all } = yield* second.told(settled)
  return yes(all.includes("Started wamid.never"))
}, Effect.scoped)

const examine = Effect.fnUntraced(function* (contestant: Contestant) {
  const server = yield* start(contestant, { env: { BENCH_PROBE: "1" } })
  const connections = yield* server.connections(2)
  const findings: { [column: string]: string } = {}
  for (const [column, probe] of Object.entries(probes)) findings[column] = yield* probe(server, connections)
  findings["handles it after kill -9"] = yield* survivesKill(contestant)
  return { name: contestant.name, findings }
}, Effect.scoped)

const legend = paragraph(
  "The bytes as they came: a body whose text is not escaped, signed by the same rule, is taken. Of a batch, three " +
    "messages in one change. A redelivery is the same body again; the bare servers remember ids until they end. The " +
    "order: a message comes while the handler of the one before is at work. After kill -9: the process is killed in the " +
    "handler of a message, and the next one is started over the same files. No message is lost where the answer comes " +
    "after the handler, since Meta sends again what was not answered; then Meta waits for the handler, and gives up on " +
    "what is slow."
)

export const behaviour = makePart({
  name: "behaviour",
  about: "what each contestant does with a delivery",
  results: Schema.Array(Row),
  measure: (options) => Effect.forEach(chosen(options), examine, { concurrency: 2 }),
  sections: (rows) => {
    const columns = Object.keys(rows[0]?.findings ?? {})
    const findings = table(
      ["Contestant", ...columns],
      rows.map(({ findings, name }) => [name, ...columns.map((column) => findings[column] ?? "")])
    )
    return { behaviour: `${findings}\n\n${legend}` }
  }
})
