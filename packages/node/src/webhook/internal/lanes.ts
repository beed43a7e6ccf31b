/**
 * Work in lanes: within a lane one thing is done after the other, in the order in which it came, and no lane waits for
 * another. Most work waits for nothing, so one fiber does all of it; only what has to wait costs a fiber of its own.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"

export interface Options<in W> {
  readonly laneOf: (work: W) => string
  readonly perform: (work: W) => Effect.Effect<void>
}

export interface Lanes<in W> {
  /** Takes work in, in its order. Returns when each piece is done, or waits in its lane. */
  readonly enter: (works: ReadonlyArray<W>) => Effect.Effect<void>
  /** Whether no work waits in any lane. */
  readonly isFree: () => boolean
}

/** What was taken in at once, and how far it was gone through. */
interface Batch<W> {
  readonly works: ReadonlyArray<W>
  next: number
}

/** One fiber's way through a batch, until a piece of work must wait. */
interface Walk<W> {
  /** The lane it is in. */
  lane: string
  /** Set when it had to wait: what came behind it in its lane. The rest of the batch is another fiber's then. */
  behind: Array<W> | undefined
  /** It went through to the end of the batch; its fiber may still make room for others before it ends. */
  isOver: boolean
}

/** A fiber that made room for others would look as if it waited. */
const untilItWaits = Effect.provideService(References.PreventSchedulerYield, true)

/** Makes lanes whose fibers end with the scope. */
export const make = Effect.fnUntraced(function* <W>({
  laneOf,
  perform
}: Options<W>): Effect.fn.Return<Lanes<W>, never, Scope.Scope> {
  const fibers = yield* FiberSet.make<void>()
  /** Lanes in which a piece of work waits, with what came behind it. */
  const waiting = new Map<string, Array<W>>()

  const walk = Effect.fnUntraced(function* (mine: Walk<W>, batch: Batch<W>) {
    while (mine.behind === undefined) {
      const work = batch.works[batch.next++]
      if (work === undefined) {
        mine.isOver = true
        return
      }
      const lane = laneOf(work)
      const behind = waiting.size === 0 ? undefined : waiting.get(lane)
      if (behind === undefined) {
        mine.lane = lane
        yield* perform(work)
      } else {
        behind.push(work)
      }
    }
    for (let work = mine.behind.shift(); work !== undefined; work = mine.behind.shift()) yield* perform(work)
    waiting.delete(mine.lane)
  })

  return {
    isFree: () => waiting.size === 0,
    enter: Effect.fnUntraced(function* (works) {
      const batch: Batch<W> = { works, next: 0 }
      while (batch.next < works.length) {
        const mine: Walk<W> = { lane: "", behind: undefined, isOver: false }
        const fiber = yield* FiberSet.run(fibers, untilItWaits(walk(mine, batch)), { startImmediately: true })
        if (mine.isOver) continue
        const exit = fiber.pollUnsafe()
        if (exit === undefined) {
          mine.behind = []
          waiting.set(mine.lane, mine.behind)
        } else if (Exit.hasInterrupts(exit)) {
          return
        }
      }
    })
  }
})
