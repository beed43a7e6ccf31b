/**
 * Whose turn it is among many lanes: first who came first. Not a `Set`, of which taking the first out of thousands is
 * slow.
 */

/** Something of a listener that waits for its turn. */
export interface Waiting {
  readonly listener: string
  /** Its turn; absent while it does not wait. */
  turn: number | undefined
}

export interface Turns<in out W> {
  /** Takes it in, unless it waits already. It leaves when its `turn` is taken away. */
  readonly offer: (one: W) => void
  /** Whose turn it is of all that belong to these listeners. */
  readonly first: (listeners: ReadonlySet<string>) => W | undefined
}

/** Those of one listener in the order of their turns. One whose turn changed since is passed over. */
interface Line<W> {
  queue: Array<{ readonly one: W; readonly turn: number }>
  next: number
}

export const make = <W extends Waiting>(): Turns<W> => {
  const lines = new Map<string, Line<W>>()
  let turns = 0

  const firstOf = (listener: string): W | undefined => {
    const line = lines.get(listener)
    if (line === undefined) return undefined
    for (let it = line.queue[line.next]; it !== undefined; it = line.queue[++line.next]) {
      if (it.one.turn === it.turn) return it.one
      if (line.next > 1000 && line.next * 2 > line.queue.length) {
        line.queue = line.queue.slice(line.next)
        line.next = 0
      }
    }
    lines.delete(listener)
    return undefined
  }

  return {
    offer: (one) => {
      if (one.turn !== undefined) return
      const turn = ++turns
      one.turn = turn
      const line = lines.get(one.listener)
      if (line === undefined) lines.set(one.listener, { queue: [{ one, turn }], next: 0 })
      else line.queue.push({ one, turn })
    },
    first: (listeners) => {
      let found: W | undefined
      for (const listener of listeners) {
        const one = firstOf(listener)
        if ((one?.turn ?? Infinity) < (found?.turn ?? Infinity)) found = one
      }
      return found
    }
  }
}
