/** The laws of `MessageStates`, for every body it has or will have. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { DeliveryStatus } from "../domain/DeliveryStatus.ts"
import { GroupId, MessageId, PhoneNumberId, WaId } from "../domain/Ids.ts"
import type { MessageStatesError } from "../errors/MessageStatesError.ts"
import type { StatusUpdate } from "../events/StatusUpdate.ts"
import { MessageStates } from "../services/MessageStates.ts"
import { type Law, type LawBroken, same } from "./Law.ts"

export interface Options {
  /** Prepended to every message id: another one for each run on a store that outlives it. @default "law" */
  readonly prefix?: string | undefined
}

/** What came first, what comes then, and whether that is stale. */
const table: ReadonlyArray<readonly [seen: ReadonlyArray<DeliveryStatus>, next: DeliveryStatus, isStale: boolean]> = [
  [[], "Sent", false],
  [["Sent"], "Delivered", false],
  [["Sent"], "Played", false],
  [["Delivered"], "Read", false],
  [["Delivered"], "Sent", true],
  [["Read"], "Sent", true],
  [["Read"], "Delivered", true],
  [["Read"], "Played", false],
  [["Played"], "Read", true],
  [["Read", "Sent"], "Delivered", true],
  [[], "Failed", false],
  [["Sent"], "Failed", false],
  [["Delivered"], "Failed", true],
  [["Read"], "Failed", true],
  [["Failed"], "Sent", false],
  [["Failed"], "Delivered", false],
  [["Delivered", "Failed"], "Sent", true],
  [[], "Unknown", false],
  [["Played"], "Unknown", false],
  [["Unknown"], "Sent", false]
]

/** The laws, each to be run on the layer under test; they may run in any order and on one store. */
export const laws = (options?: Options): ReadonlyArray<Law<MessageStatesError, MessageStates>> => {
  const law = (
    name: string,
    check: (wamid: string) => Effect.Effect<void, LawBroken | MessageStatesError, MessageStates>
  ): Law<MessageStatesError, MessageStates> => ({ name, run: check(`${options?.prefix ?? "law"}/${name}`) })

  return [
    ...table.map(([seen, next, isStale]) =>
      law(
        `${next} is ${isStale ? "stale" : "news"} after ${seen.join(", ") || "nothing"}`,
        Effect.fnUntraced(function* (wamid) {
          const { observe } = yield* MessageStates
          yield* Effect.forEach(seen, (status) => observe(update(wamid, status)))
          yield* same("stale", yield* observe(update(wamid, next)), isStale)
        })
      )
    ),
    law(
      "a status is not stale beside itself, so that observing it may be repeated",
      Effect.fnUntraced(function* (wamid) {
        const { observe } = yield* MessageStates
        for (const status of ["Sent", "Delivered", "Read", "Played"] as const) {
          yield* same(status, yield* observe(update(wamid, status)), false)
          yield* same(`${status} again`, yield* observe(update(wamid, status)), false)
        }
      })
    ),
    law(
      "the highest status is known, and neither a stale, a failed nor an unknown one lowers it",
      Effect.fnUntraced(function* (wamid) {
        const { highest, observe } = yield* MessageStates
        yield* same("highest", yield* highest(update(wamid, "Sent")), undefined)
        for (const status of ["Read", "Sent", "Failed", "Unknown"] as const) {
          yield* observe(update(wamid, status))
          yield* same("highest", yield* highest(update(wamid, status)), "Read")
        }
      })
    ),
    law(
      "nothing is the highest status of a message that only failed, or has a status nobody knows",
      Effect.fnUntraced(function* (wamid) {
        const { highest, observe } = yield* MessageStates
        for (const status of ["Failed", "Unknown"] as const) {
          yield* observe(update(wamid, status))
          yield* same("highest", yield* highest(update(wamid, status)), undefined)
        }
      })
    ),
    law(
      "of statuses that are observed at once none is lost",
      Effect.fnUntraced(function* (wamid) {
        const { highest, observe } = yield* MessageStates
        const statuses = ["Read", "Sent", "Played", "Failed", "Delivered", "Unknown"] as const
        const all = Effect.forEach(statuses, (status) => observe(update(wamid, status)), { concurrency: "unbounded" })
        yield* all
        yield* same("highest", yield* highest(update(wamid, "Sent")), "Played")
        yield* same("stale again", String(yield* all), "true,true,false,true,true,false")
      })
    ),
    law(
      "messages, business numbers and the participants of a group have states of their own",
      Effect.fnUntraced(function* (wamid) {
        const { observe } = yield* MessageStates
        const groupId = GroupId.make("group")
        const ida = { groupId, waId: WaId.make("16505550177") }
        const others = [
          update(`${wamid}/other`, "Sent"),
          { ...update(wamid, "Sent"), phoneNumberId: PhoneNumberId.make("other") },
          { ...update(wamid, "Sent"), recipient: ida },
          { ...update(wamid, "Sent"), recipient: { groupId, waId: WaId.make("16505550188") } }
        ]
        yield* observe(update(wamid, "Read"))
        yield* Effect.forEach(others, (other) => Effect.flatMap(observe(other), (stale) => same("stale", stale, false)))
        yield* observe({ ...update(wamid, "Read"), recipient: ida })
        yield* same("stale", yield* observe({ ...update(wamid, "Delivered"), recipient: ida }), true)
      })
    )
  ]
}

const update = (wamid: string, status: DeliveryStatus): StatusUpdate => ({
  _tag: "StatusUpdate",
  wamid: MessageId.make(wamid),
  phoneNumberId: PhoneNumberId.make("207311904455012"),
  status,
  timestamp: DateTime.makeUnsafe(1786500010000),
  recipient: { waId: WaId.make("16505550177") },
  errors: [],
  stale: false,
  raw: {}
})
