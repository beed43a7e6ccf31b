/** Laws of what is erased when a person asks for it, and of what the inbox says about how much it holds. */
import { BusinessScopedUserId, WaId } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Delivery, type Law } from "@effect-whatsapp/core/testing"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Inbox } from "../../inbox/Inbox.ts"
import { law, same, task, text, type Kit } from "./inboxKit.ts"

const hers = "16505550177"
const his = "16505550178"
const she = { waId: WaId.make(hers) }
const at = (index: number) => `entry[0].changes[0].value.messages[${index}]`

/** A message of hers and one of his, in one delivery. */
const both = (wamid: string) =>
  text(
    Delivery.messages({
      contacts: [hers, his].map((wa_id) => ({ wa_id, profile: { name: `name of ${wa_id}` } })),
      messages: [Delivery.textItem(`${wamid}.1`, { from: hers }), Delivery.textItem(`${wamid}.2`, { from: his })]
    })
  )

export const forgetting = ({
  arrive,
  ask,
  deliver,
  kill,
  later,
  nextOne,
  nothing,
  prompt,
  take,
  wait,
  notice
}: Kit): ReadonlyArray<Law<InboxError, Inbox>> => [
  law(
    "a person who is forgotten leaves nothing that waits, no dead letter and no delivery; others stay",
    Effect.fnUntraced(function* () {
      const { awaitIdle, body, depth, done, forget, list } = yield* Inbox
      const dead = yield* deliver(text(Delivery.text("wamid.1", { from: hers })), task(at(0), "a", "hers"))
      yield* kill("hers")
      const waiting = yield* deliver(
        text(Delivery.text("wamid.2", { from: hers })),
        task(at(0), "a", "hers"),
        task(at(0), "b", "hers")
      )
      yield* deliver(text(Delivery.text("wamid.3", { from: his })), task(at(0), "a", "his"))
      const { deliveries, tasks, ...found } = yield* forget(she)
      yield* same("forgotten", `${deliveries} ${tasks} ${found.dead} ${found.running}`, "2 2 1 0")
      yield* same("dead letters", (yield* list).length, 0)
      yield* same("body", yield* body(dead), undefined)
      yield* same("body", yield* body(waiting), undefined)
      yield* same("waiting", (yield* depth).waiting, 1)
      const lease = yield* nextOne(["a", "b"])
      yield* same("lane", lease.task.lane, "his")
      yield* done(lease)
      yield* prompt("awaitIdle", awaitIdle)
    })
  ),
  law(
    "what is left of a delivery is read at its old positions, under its old digest, and holds nothing of who was forgotten",
    Effect.fnUntraced(function* () {
      const { body, done, forget, list } = yield* Inbox
      const digest = yield* deliver(both("wamid"), task(at(0), "a", "hers"), task(at(1), "a", "his"))
      const before = (yield* body(digest)) ?? new Uint8Array()
      yield* forget(she)
      const after = (yield* body(digest)) ?? new Uint8Array()
      yield* same("holds her number", text(after).includes(hers), false)
      const read = (bytes: Uint8Array) => fromDelivery(digest, bytes).map((item) => JSON.stringify(item))
      yield* same("items", read(after).join(), read(before)[1])
      const lease = yield* nextOne()
      yield* same("position", lease.task.position, at(1))
      yield* same(
        "forgotten again",
        JSON.stringify(yield* forget(she)),
        `{"deliveries":0,"tasks":0,"dead":0,"running":0}`
      )
      yield* done(lease)
      yield* same("dead letters", (yield* list).length, 0)
      yield* same("body", yield* body(digest), undefined)
    })
  ),
  law(
    "a lane goes on when the task that held it is forgotten",
    Effect.fnUntraced(function* () {
      const { forget, retryAt } = yield* Inbox
      yield* deliver(both("wamid"), task(at(0), "a", "lane"), task(at(1), "a", "lane"))
      yield* retryAt(yield* nextOne(), yield* later)
      yield* nothing("next", ask())
      yield* forget(she)
      yield* same("position", (yield* nextOne()).task.position, at(1))
    })
  ),
  law(
    "what runs about a person is left alone with its delivery, and is erased when it is asked again",
    Effect.fnUntraced(function* () {
      const { body, dead, forget, list } = yield* Inbox
      const digest = yield* deliver(both("wamid"), task(at(0), "a", "hers"), task(at(0), "b", "hers"))
      const lease = yield* nextOne(["a"])
      const first = yield* forget(she)
      yield* same("running", first.running, 1)
      yield* same("tasks", first.tasks, 1)
      const kept = yield* body(digest)
      yield* same("body", kept && text(kept), both("wamid"))
      yield* dead(lease, "broken")
      const second = yield* forget(she)
      yield* same("dead", `${second.dead} ${second.running}`, "1 0")
      yield* same("dead letters", (yield* list).length, 0)
      yield* same("body", yield* body(digest), undefined)
    })
  ),
  law(
    "nothing is admitted any more of who was forgotten before",
    Effect.fnUntraced(function* () {
      const { admit, append, body, depth, forget } = yield* Inbox
      const digest = yield* arrive(both("admitting"))
      yield* append(new TextEncoder().encode(both("arriving")))
      yield* forget(she)
      yield* admit(digest, [task(at(0), "a", "hers"), task(at(1), "a", "his")], { settled: true })
      yield* same("waiting", (yield* depth).waiting, 1)
      yield* same("position", (yield* nextOne()).task.position, at(1))
      const kept = yield* body(digest)
      yield* same("holds her number", kept && text(kept).includes(hers), false)
      const [delivery] = yield* take
      yield* same("holds her number", delivery && text(delivery.body).includes(hers), false)
    })
  ),
  law(
    "a person is found by BSUID, by parent BSUID and by phone in any spelling, and is not taken for another",
    Effect.fnUntraced(function* () {
      const { forget } = yield* Inbox
      const userId = BusinessScopedUserId.make("US.48210773395516620014")
      yield* deliver(text(Delivery.text("wamid.1", { from: null, userId })), task(at(0), "a", "1"))
      yield* deliver(text(Delivery.text("wamid.2", { from: "5511987654321" })), task(at(0), "a", "2"))
      yield* deliver(text(Delivery.status("wamid.3", "read", { recipient: "5511987654322" })), task(at(0), "a", "3"))
      yield* same("nobody", (yield* forget({})).tasks, 0)
      yield* same(
        "another",
        (yield* forget({ waId: WaId.make(his), userId: BusinessScopedUserId.make("US.1") })).tasks,
        0
      )
      yield* same("by phone", (yield* forget({ waId: WaId.make("+55 11 8765-4321") })).tasks, 1)
      yield* same("by BSUID", (yield* forget({ parentUserId: userId })).tasks, 1)
    })
  ),
  law(
    "the load is what is not done, and since when",
    Effect.fnUntraced(function* () {
      const { append, load } = yield* Inbox
      const say = Effect.map(load, ({ bytes, deliveries, oldest }) =>
        [deliveries, bytes, oldest && DateTime.formatIso(oldest)].join()
      )
      yield* same("load", yield* say, "0,0,")
      yield* append(new TextEncoder().encode("twelve bytes"))
      const { oldest } = yield* load
      yield* same("has an age", oldest !== undefined, true)
      yield* wait(notice)
      yield* append(new TextEncoder().encode("four"))
      yield* same("load", yield* say, `2,16,${oldest && DateTime.formatIso(oldest)}`)
    })
  )
]
