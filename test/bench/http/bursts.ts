/**
 * Bursts of all contestants in turn, in random order, again and again: what else the machine does then meets all of
 * them, and a contestant is compared with the base within the same round only.
 */
import { Effect, Random } from "effect"
import { burst } from "./connections.ts"
import { texts } from "./requests.ts"
import type { Server } from "./server.ts"

/** One burst. */
export interface Measured {
  readonly requests: number
  /** From the first request until the last answer and the last event handled, whichever is later. */
  readonly milliseconds: number
  /** Processor time of the server, in microseconds. */
  readonly cpu: number
  readonly latencies: ReadonlyArray<number>
  readonly errors: number
}

/** Messages sent to each server so far, all of which must have been handled. */
const sent = new WeakMap<Server, number>()

/** Sends a burst of new messages and waits until all of them are handled. */
export const measure = Effect.fnUntraced(function* (server: Server, connections: number, requests: number) {
  const prepared = texts(requests)
  const open = yield* server.connections(connections)
  const count = (sent.get(server) ?? 0) + requests
  sent.set(server, count)
  yield* server.expect(count)
  // So that the question is in nobody's time.
  yield* Effect.sleep("5 millis")
  const cpuBefore = yield* server.cpu
  const start = performance.now()
  const answered = yield* burst(open, prepared)
  yield* server.reached
  const milliseconds = performance.now() - start
  // What the last turn leaves to the next one belongs to the burst.
  yield* Effect.sleep("5 millis")
  const cpu = (yield* server.cpu) - cpuBefore
  const { errors, latencies } = answered
  return { requests, milliseconds, cpu, latencies, errors } satisfies Measured
})

export interface Plan {
  readonly connections: number
  /** Requests of a burst. */
  readonly requests: number
  /** Bursts of each contestant that are not counted. */
  readonly warmUp: number
  /** Bursts of each contestant that are counted. */
  readonly rounds: number
  /** After so many seconds there are no more rounds, unless there were fewer than five. */
  readonly seconds: number
}

const fewest = 5

/** The counted bursts of each server, in order. */
export const rotate = Effect.fnUntraced(function* (servers: ReadonlyArray<Server>, plan: Plan) {
  const measured = new Map(servers.map(({ name }) => [name, new Array<Measured>()]))
  const end = performance.now() + plan.seconds * 1000
  for (let round = -plan.warmUp; round < plan.rounds; round++) {
    if (round >= fewest && performance.now() > end) break
    for (const server of yield* Random.shuffle(servers)) {
      const one = yield* measure(server, plan.connections, plan.requests)
      if (round >= 0) measured.get(server.name)?.push(one)
    }
  }
  return measured
})
