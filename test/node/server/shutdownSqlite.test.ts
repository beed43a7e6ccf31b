/** Promise 9 on a real process with a SQLite file: SIGTERM under load, and the start after it. */
import { assert, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { WebhookConfig } from "@effect-whatsapp/node/webhook"
import { Clock, Effect, Fiber, type Scope } from "effect"
import { inFolder } from "../inbox/sqlite.ts"
import { send, sign } from "../webhook/loopback.ts"
import { startProcess } from "./process.ts"

/** Starting a process takes its time on a busy machine. */
const patience = 60_000

const start = Effect.fnUntraced(function* (folder: string, env?: { readonly [name: string]: string }) {
  const program = new URL("./program.ts", import.meta.url)
  const server = yield* startProcess(program, { DATABASE: `${folder}/inbox.db`, ...env })
  const url = (yield* server.line) + WebhookConfig.defaultPath
  return {
    ...server,
    /** Posts a text; gives the status of the answer, 0 when there was none. */
    post: Effect.fnUntraced(
      function* (wamid: string, from: string, text: string = "hello") {
        const body = Delivery.text(wamid, { from, text })
        const headers = { "x-hub-signature-256": yield* sign(body) }
        return (yield* send(url, { method: "POST", body, headers })).status
      },
      Effect.orElseSucceed(() => 0)
    ),
    handled: () => server.printed().flatMap((line) => (line.startsWith("handled ") ? [line.slice(8)] : [])),
    untilStarted: Effect.fnUntraced(function* (wamid: string) {
      while ((yield* server.line) !== `starts ${wamid}`);
    })
  }
})

const inScope = <A, E>(use: (folder: string) => Effect.Effect<A, E, Scope.Scope>) =>
  inFolder((folder) => Effect.scoped(use(folder)))

it.live(
  "under load: what was accepted is handled before the end or after the next start, once and in order, and it ends with 0",
  () =>
    inScope(
      Effect.fnUntraced(function* (folder) {
        const accepted: Array<string> = []
        const server = yield* start(folder)
        const sender = Effect.fnUntraced(function* (name: number) {
          for (let number = 1; ; number++) {
            const wamid = `${name}.${number}`
            const status = yield* server.post(wamid, `1650555010${name}`)
            // It may have been kept although there was no answer.
            if (status !== 200) return status === 0 ? wamid : undefined
            accepted.push(wamid)
          }
        })
        const senders = yield* Effect.forEach([0, 1, 2, 3, 4, 5], (name) => Effect.forkChild(sender(name)))
        while (accepted.length < 100) yield* Effect.sleep(5)
        const before = yield* Clock.currentTimeMillis
        yield* server.terminate
        const maybe = new Set(yield* Effect.forEach(senders, Fiber.join))
        assert.strictEqual(yield* server.exit, 0, server.log())
        assert.isBelow((yield* Clock.currentTimeMillis) - before, 25_000)
        assert.notInclude(server.log(), "unfinished")

        const next = yield* start(folder)
        const handled = () => [...server.handled(), ...next.handled()]
        while (!accepted.every((wamid) => handled().includes(wamid))) yield* Effect.sleep(5)
        yield* next.terminate
        assert.strictEqual(yield* next.exit, 0, next.log())
        const all = handled()
        assert.lengthOf(new Set(all), all.length, "each once")
        assert.deepStrictEqual(all.filter((wamid) => !maybe.has(wamid)).toSorted(), accepted.toSorted())
        for (const name of [0, 1, 2, 3, 4, 5]) {
          const numbers = all.filter((wamid) => wamid.startsWith(`${name}.`)).map((wamid) => Number(wamid.slice(2)))
          assert.deepStrictEqual(
            numbers,
            numbers.map((_, i) => i + 1),
            "in order"
          )
        }
      })
    ),
  patience
)

it.live(
  "ends within its time with 1 when a handler does not, says how many were running, and the next start does them again",
  () =>
    inScope(
      Effect.fnUntraced(function* (folder) {
        const server = yield* start(folder, { SHUTDOWN_TIMEOUT: "2 seconds" })
        const [ida, ben] = ["16505550177", "16505550188"]
        yield* server.post("1", ida, "for ever")
        yield* server.untilStarted("1")
        yield* server.post("2", ida)
        yield* server.post("3", ben, "for ever")
        yield* server.untilStarted("3")
        yield* server.post("4", ben)
        const before = yield* Clock.currentTimeMillis
        yield* server.terminate
        assert.strictEqual(yield* server.exit, 1)
        assert.isBelow((yield* Clock.currentTimeMillis) - before, 4000)
        assert.include(server.log(), "Shutdown left 2 unfinished")
        assert.deepStrictEqual(server.handled(), [])

        const next = yield* start(folder, { SHUTDOWN_TIMEOUT: "1 second" })
        yield* next.untilStarted("1")
        assert.strictEqual(yield* next.post("5", "16505550199"), 200)
        yield* next.untilStarted("5")
        assert.notInclude(next.printed(), "starts 2", "behind the one that does not end")
      })
    ),
  patience
)
