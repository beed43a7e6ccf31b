/** The laws of `Identities`, for every body it has or will have. */
import * as Effect from "effect/Effect"
import { BusinessScopedUserId, PhoneNumberId, WaId } from "../domain/Ids.ts"
import type { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import type { IdentitiesError } from "../errors/IdentitiesError.ts"
import { Identities, type Known } from "../services/Identities.ts"
import { type Law, type LawBroken, same } from "./Law.ts"

export interface Options {
  /** Prepended to every business number: another one for each run on a store that outlives it. @default "law" */
  readonly prefix?: string | undefined
}

type Checked = Effect.Effect<void, LawBroken | IdentitiesError>

/** One business number, on which each answer is compared. */
interface World {
  readonly observe: (user: WhatsAppUser, known: Known) => Checked
  readonly find: (user: WhatsAppUser, known: Known) => Checked
  readonly merge: (previous: WhatsAppUser, current: WhatsAppUser, known: Known) => Checked
  readonly forget: (user: WhatsAppUser) => Checked
  /** The same whatever the answer. */
  readonly tell: (previous: WhatsAppUser, current: WhatsAppUser) => Effect.Effect<Known, IdentitiesError>
  /** Another business number of the same store. */
  readonly other: World
}

const worldOf = (service: Identities["Service"], name: string): World => {
  const { find, forget, merge, observe } = service
  const number = PhoneNumberId.make(name)
  return {
    observe: (user, known) => Effect.flatMap(observe(number, user), is(`observe ${print(user)}`, known)),
    find: (user, known) => Effect.flatMap(find(number, user), is(`find ${print(user)}`, known)),
    merge: (previous, current, known) =>
      Effect.flatMap(merge(number, previous, current), is(`merge ${print(previous)} ${print(current)}`, known)),
    forget: (user) => forget(number, user),
    tell: (previous, current) => merge(number, previous, current),
    get other() {
      return worldOf(service, `${name}/other`)
    }
  }
}
const print = (user: WhatsAppUser): string =>
  Object.entries(user)
    .map(([name, value]) => `${name} ${value}`)
    .toSorted()
    .join(", ") || "nobody"
const is = (what: string, expected: Known) => (known: Known) => same(what, print(known), print(expected))

/** The laws, each to be run on the layer under test; they may run in any order and on one store. */
export const laws = (options?: Options): ReadonlyArray<Law<IdentitiesError, Identities>> => {
  const law = (name: string, check: (world: World) => Checked): Law<IdentitiesError, Identities> => ({
    name,
    run: Effect.flatMap(Identities, (service) => check(worldOf(service, `${options?.prefix ?? "law"}/${name}`)))
  })

  return [
    law(
      "somebody who was never seen is known by what the item says, the BSUID before the phone",
      Effect.fnUntraced(function* ({ find, observe }) {
        for (const ask of [find, observe]) {
          yield* ask(a, a)
          yield* ask(phone1, phone1)
        }
        yield* find({ ...b, ...phone2 }, b)
      })
    ),
    law(
      "names and parent BSUIDs name nobody, and a merge with nobody only observes",
      Effect.fnUntraced(function* ({ find, merge, observe }) {
        const nobody: WhatsAppUser = { parentUserId: BusinessScopedUserId.make("US.ENT.9"), username: "ida" }
        for (const none of [{}, nobody, { profileName: "Ida" }]) {
          yield* find(none, {})
          yield* observe(none, {})
          yield* merge(none, none, {})
        }
        yield* merge(nobody, { ...a, ...phone1 }, a)
        yield* find(phone1, a)
        yield* merge({ ...b, ...phone2 }, nobody, b)
        yield* find(phone2, b)
      })
    ),
    law(
      "an empty id is none, and nobody becomes one person with another by it",
      Effect.fnUntraced(function* ({ find, observe }) {
        const empty = { userId: BusinessScopedUserId.make(""), waId: WaId.make("") }
        yield* observe({ ...empty, ...phone1 }, phone1)
        yield* observe({ ...empty, ...a }, a)
        yield* find(empty, {})
      })
    ),
    law(
      "a phone is known by the BSUID it was seen with, in each of its spellings",
      Effect.fnUntraced(function* ({ find, observe }) {
        const [long, short] = [{ waId: WaId.make("5511987654321") }, { waId: WaId.make("551187654321") }]
        yield* observe(long, short)
        yield* observe({ ...a, ...long }, a)
        yield* find(long, a)
        yield* find(short, a)
        yield* find(a, a)
      })
    ),
    law(
      "finding does not learn",
      Effect.fnUntraced(function* ({ find }) {
        yield* find({ ...a, ...phone1 }, a)
        yield* find(phone1, phone1)
      })
    ),
    law(
      "a phone that is given to somebody else is theirs, and the BSUID stays who it was",
      Effect.fnUntraced(function* ({ find, observe }) {
        yield* observe({ ...a, ...phone1 }, a)
        yield* observe({ ...b, ...phone1 }, b)
        yield* find(phone1, b)
        yield* find(a, a)
      })
    ),
    law(
      "after a change both ids of before lead to the new one, and so does the new phone",
      Effect.fnUntraced(function* ({ find, merge, observe }) {
        yield* observe({ ...a, ...phone1 }, a)
        yield* merge({ ...a, ...phone1 }, { ...b, ...phone2 }, b)
        for (const user of [a, b, phone1, phone2, { ...a, ...phone1 }]) yield* find(user, b)
        yield* observe({ ...a, ...phone1 }, b)
      })
    ),
    law(
      "a change tells of phones that were never observed, whoever had the new one before",
      Effect.fnUntraced(function* ({ find, merge, observe }) {
        yield* observe({ ...c, ...phone2 }, c)
        yield* merge({ ...a, ...phone1 }, { ...b, ...phone2 }, b)
        yield* find(phone1, b)
        yield* find(phone2, b)
        yield* find(c, c)
      })
    ),
    law(
      "the old phone stays with whom it was given to before the change was told",
      Effect.fnUntraced(function* ({ find, merge, observe }) {
        yield* observe({ ...c, ...phone1 }, c)
        yield* merge({ ...a, ...phone1 }, { ...b, ...phone2 }, b)
        yield* find(phone1, c)
        yield* find(a, b)
      })
    ),
    law(
      "of several changes the last one counts, also when an old one comes again",
      Effect.fnUntraced(function* ({ find, merge }) {
        yield* merge(a, b, b)
        yield* merge(b, c, c)
        yield* merge(a, b, c)
        for (const user of [a, b, c]) yield* find(user, c)
      })
    ),
    law(
      "whoever was told to have become two people is one of them, and so is the other",
      Effect.fnUntraced(function* ({ find, merge }) {
        yield* merge(a, b, b)
        yield* merge(a, c, c)
        for (const user of [a, b, c]) yield* find(user, c)
      })
    ),
    law(
      "changes that come in the wrong order lead to the last one too",
      Effect.fnUntraced(function* ({ find, merge }) {
        yield* merge(b, c, c)
        yield* merge(a, b, c)
        for (const user of [a, b, c]) yield* find(user, c)
      })
    ),
    law(
      "who changed from phone to phone, or from a BSUID to a phone, is found by the BSUID that comes with it later",
      Effect.fnUntraced(function* ({ find, merge, observe }) {
        yield* merge(phone1, phone2, phone2)
        yield* find(phone1, phone2)
        yield* merge(a, phone2, phone2)
        yield* observe({ ...b, ...phone2 }, b)
        for (const user of [a, phone1, phone2]) yield* find(user, b)
      })
    ),
    law(
      "a merge with oneself, and merges to and fro, change nothing",
      Effect.fnUntraced(function* ({ find, merge }) {
        for (const [self, known] of [
          [a, a],
          [phone1, phone1],
          [{ ...c, ...phone3 }, c]
        ] as const) {
          yield* merge(self, self, known)
          yield* find(self, known)
        }
        yield* merge(a, b, b)
        yield* merge(b, a, b)
        yield* merge(phone1, phone2, phone2)
        yield* merge(phone2, phone1, phone2)
        for (const user of [a, b]) yield* find(user, b)
        for (const user of [phone1, phone2]) yield* find(user, phone2)
      })
    ),
    law(
      "a person without a BSUID from now on is known by the phone, under both ids",
      Effect.fnUntraced(function* ({ find, merge }) {
        yield* merge({ ...a, ...phone1 }, phone1, phone1)
        yield* merge(b, phone1, phone1)
        for (const user of [a, b, phone1]) yield* find(user, phone1)
      })
    ),
    law(
      "forty changes told to and fro make no circle",
      Effect.fnUntraced(function* ({ find, merge, tell }) {
        const last = bsuid(40)
        for (let i = 0; i < 40; i++) yield* merge(bsuid(i), bsuid(i + 1), bsuid(i + 1))
        for (let i = 40; i > 0; i--) yield* tell(bsuid(i), bsuid(i - 1))
        for (let i = 20; i <= 40; i++) yield* find(bsuid(i), last)
      })
    ),
    law(
      "changes that are told at once are all known afterwards",
      Effect.fnUntraced(function* ({ find, tell }) {
        const changes = [3, 0, 6, 2, 7, 1, 5, 4]
        yield* Effect.forEach(changes, (i) => tell(bsuid(i), bsuid(i + 1)), { concurrency: "unbounded" })
        for (let i = 0; i <= 8; i++) yield* find(bsuid(i), bsuid(8))
      })
    ),
    law(
      "whoever is forgotten is known by what the item says, under each id they had, and nobody else is forgotten",
      Effect.fnUntraced(function* ({ find, forget, merge, observe, other }) {
        for (const ids of [a, b, c, phone1, phone2, {}]) {
          yield* observe({ ...c, ...phone3 }, c)
          yield* merge({ ...a, ...phone1 }, { ...b, ...phone2 }, b)
          yield* other.observe({ ...b, ...phone1 }, b)
          yield* forget(ids)
          const isForgotten = ids !== c && Object.keys(ids).length > 0
          for (const user of [a, phone1, phone2]) yield* find(user, isForgotten ? user : b)
          yield* find(b, b)
          yield* find(phone3, ids === c ? phone3 : c)
          yield* other.find(phone1, b)
        }
      })
    ),
    law(
      "business numbers know people each on their own",
      Effect.fnUntraced(function* ({ find, merge, observe, other }) {
        yield* observe({ ...a, ...phone1 }, a)
        yield* merge(a, b, b)
        yield* other.find(phone1, phone1)
        yield* other.find(a, a)
        yield* other.observe({ ...c, ...phone1 }, c)
        yield* find(phone1, b)
      })
    )
  ]
}

const bsuid = (id: number) => ({ userId: BusinessScopedUserId.make(`US.${id}`) })
const [a, b, c] = [bsuid(101), bsuid(102), bsuid(103)]
const [phone1, phone2, phone3] = [
  { waId: WaId.make("16505550101") },
  { waId: WaId.make("16505550102") },
  { waId: WaId.make("16505550103") }
]
