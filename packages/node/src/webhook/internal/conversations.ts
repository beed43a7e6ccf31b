/**
 * Which conversation an item belongs to. An item names a person by a phone, by a BSUID or by both, and who was known
 * under the one may be known under the other by now; `Identities` knows.
 */
import type { Decision, Incoming } from "@effect-whatsapp/core/events"
import { ConversationIds, type PhoneNumberId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { Identities } from "@effect-whatsapp/core/services"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Inbox from "../../inbox/Inbox.ts"
import type { Persistently } from "./persistently.ts"
import * as PersonLanes from "./personLanes.ts"

type Person = NonNullable<Incoming["person"]>

/** What the item does not say of its conversation. */
export type Found = Pick<Decision, "conversationId" | "previousConversationId">

export interface Located {
  readonly found: Found
  readonly lane: string
}

/** The conversation is what the item says. */
export const asItSays: Found = {}

const numberOf = ({ event }: Incoming): PhoneNumberId | undefined =>
  "phoneNumberId" in event ? event.phoneNumberId : undefined

export const make = Effect.fnUntraced(function* (open: ReadonlyArray<Inbox.OpenLane>, persistently: Persistently) {
  const identities = Option.getOrElse(yield* Effect.serviceOption(Identities.Identities), Identities.makeMemory)
  // Which items must be looked at one after the other, as far as this process can tell without asking anyone.
  const nearby = Identities.makeMemory()

  const lanes = PersonLanes.make()
  // What is to be done still, from before this process, must not be overtaken either.
  for (const { conversation, lane } of open) {
    lanes.learn(lane, lane)
    lanes.learn(conversation, lane)
  }

  /** From what `Identities` told: who it was before, and who it is now. */
  const located = (
    number: PhoneNumberId,
    person: Person,
    incoming: Incoming,
    before: WhatsAppUser | undefined,
    known: WhatsAppUser
  ): Located => {
    const { event } = incoming
    const { groupId, otherwise, previous, user } = person
    const of = (who: WhatsAppUser) => ConversationIds.of(number, who, groupId, otherwise)
    const conversationId = of(known)
    const previously = before && of(before)
    const byPhone = user.waId === undefined ? undefined : of({ waId: user.waId })
    const lane =
      groupId === undefined
        ? lanes.laneOf(conversationId, [previously, previous && of(previous), byPhone])
        : conversationId
    // Said also where the lane is another one, so that a restart knows who goes on in it.
    const found: Found = conversationId === incoming.lane && lane === conversationId ? asItSays : { conversationId }
    // Where they are one already, the item itself knows best what was before.
    const isNews =
      "previousConversationId" in event &&
      previously !== undefined &&
      previously !== event.previousConversationId &&
      previously !== conversationId
    return { found: isNews ? { ...found, previousConversationId: previously } : found, lane }
  }

  const locate = Effect.fnUntraced(function* (number: PhoneNumberId, person: Person, incoming: Incoming) {
    const { previous, user } = person
    const before =
      previous === undefined ? undefined : yield* persistently("Identities", () => identities.find(number, previous))
    const known = yield* persistently("Identities", () =>
      previous === undefined ? identities.observe(number, user) : identities.merge(number, previous, user)
    )
    return located(number, person, incoming, before, known)
  })

  const { find, merge, observe } = identities
  const quick = find.now && merge.now && observe.now && { find: find.now, merge: merge.now, observe: observe.now }
  const locateNow = (ask: NonNullable<typeof quick>, incoming: Incoming): Located => {
    const number = numberOf(incoming)
    const { person } = incoming
    if (person === undefined || number === undefined) return { found: asItSays, lane: incoming.lane }
    const { previous, user } = person
    if (previous === undefined) return located(number, person, incoming, undefined, ask.observe(number, user))
    const before = ask.find(number, previous)
    return located(number, person, incoming, before, ask.merge(number, previous, user))
  }

  return {
    /** Items of one queue are located one after the other. */
    queueOf: Effect.fnUntraced(function* (incoming: Incoming) {
      const { person } = incoming
      const number = numberOf(incoming)
      if (person === undefined || number === undefined) return incoming.lane
      const { groupId, otherwise, previous, user } = person
      // The other way round than it happened: what comes after a merge queues up behind what came before it.
      const known = yield* Effect.orDie(
        previous === undefined ? nearby.observe(number, user) : nearby.merge(number, user, previous)
      )
      return ConversationIds.of(number, known, groupId, otherwise)
    }),
    /** Tells at once, and throws when `Identities` does not; absent where it has to be waited for. */
    locateNow: quick && ((incoming: Incoming) => locateNow(quick, incoming)),
    /** Waits for as long as `Identities` does not answer. */
    locate: (incoming: Incoming): Effect.Effect<Located> => {
      const number = numberOf(incoming)
      return incoming.person === undefined || number === undefined
        ? Effect.succeed({ found: asItSays, lane: incoming.lane })
        : locate(number, incoming.person, incoming)
    }
  }
})
