/** Tasks in lanes: within a lane one is run after the other, and a lane has its turn while its first task may run. */
import type * as Inbox from "../Inbox.ts"
import type { Entry } from "./kept.ts"
import * as Turns from "./turns.ts"

/** Waits for its turn while its first task may run. */
export interface Lane extends Turns.Waiting {
  readonly key: string
  readonly queue: Array<Entry>
}

/** Makes lanes that call `onTurn` whenever one of them may go on; whoever waits for that goes on at once. */
export const make = (onTurn: () => void) => {
  const lanes = new Map<string, Lane>()
  const turns = Turns.make<Lane>()
  const offer = (lane: Lane): void => {
    turns.offer(lane)
    onTurn()
  }
  return {
    /** The lane of a task, which may be a new one. */
    laneOf: ({ lane, listener }: Inbox.NewTask): Lane => {
      const key = `${listener}\u0000${lane}`
      return lanes.get(key) ?? { key, listener, queue: [], turn: undefined }
    },
    /** Puts a task at the end of its lane. */
    enqueue: (entry: Entry): void => {
      entry.lane.queue.push(entry)
      if (entry.lane.queue.length > 1) return
      lanes.set(entry.lane.key, entry.lane)
      if (entry.held === undefined) offer(entry.lane)
    },
    /** Takes the first task off its lane, so that the next one may run. */
    advance: (lane: Lane): void => {
      lane.queue.shift()
      lane.turn = undefined
      if (lane.queue[0] === undefined) lanes.delete(lane.key)
      else if (lane.queue[0].held === undefined) offer(lane)
    },
    offer,
    /** Whose turn it is of all that belong to these listeners. */
    first: turns.first,
    all: (): ReadonlyArray<Lane> => Array.from(lanes.values())
  }
}
