/**
 * The lanes of people. A person who becomes known under another id has another conversation from then on, and still what
 * they wrote before must be handled before what they write now: so the new conversation goes on in the lane of the old.
 */

export interface PersonLanes {
  /** The lane of a conversation. One that was not seen goes on in the lane of the first of `before` that was. */
  readonly laneOf: (conversation: string, before: ReadonlyArray<string | undefined>) => string
  /** A conversation goes on in this lane, as an inbox remembers it. */
  readonly learn: (conversation: string, lane: string) => void
}

/** How many conversations are remembered; one that is long silent has nothing left to be overtaken. */
const capacity = 200_000

export const make = (): PersonLanes => {
  let young = new Map<string, string>()
  let old = new Map<string, string>()
  const known = (conversation: string | undefined): string | undefined =>
    conversation === undefined ? undefined : (young.get(conversation) ?? old.get(conversation))
  const learn = (conversation: string, lane: string): void => {
    if (young.size >= capacity / 2 && !young.has(conversation)) {
      old = young
      young = new Map()
    }
    young.set(conversation, lane)
  }
  return {
    learn,
    laneOf: (conversation, before) => {
      let lane = known(conversation)
      for (const one of before) lane ??= known(one)
      lane ??= conversation
      learn(conversation, lane)
      return lane
    }
  }
}
