/** Promise 7, about people: a conversation follows the person, under whatever id an item names them. */
import { assert, it } from "@effect/vitest"
import { BusinessScopedUserId, PhoneNumberId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { IdentitiesError, OwnerResolverError } from "@effect-whatsapp/core/errors"
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Identities, OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Clock, Effect, Layer } from "effect"
import { ben, ida, makeJournal, pass, settle, start } from "./world.ts"

const number = Delivery.defaults.phoneNumberId
const idaId = "US.1111"
const idaNext = "US.2222"

/** What was handled, in order, each with its conversation. */
const makeRecorder = () => {
  const { entries, note } = makeJournal()
  const seen: Array<WhatsAppEvent> = []
  const conversations: Array<string> = []
  const listener = Listener.make("record", "*", (event) => {
    const what = "wamid" in event ? event.wamid : event._tag
    seen.push(event)
    if ("conversationId" in event) conversations.push(`${what} in ${event.conversationId.slice(number.length + 1)}`)
    return note(what)
  })
  return { entries, seen, conversations, listeners: [listener] }
}

const text = (wamid: string, who: Delivery.TextOptions) => Delivery.text(wamid, { name: "Ida", ...who })
const takesASecond = (note: (what: string) => Effect.Effect<void>) =>
  Listener.make("slow", ["TextReceived", "UserNumberChanged"], ({ wamid }) =>
    Effect.andThen(Effect.sleep("1 second"), note(wamid))
  )
/** WhatsApp says that a customer has a new number, and with it a new BSUID. */
const changed = (wamid: string) =>
  Delivery.messages({
    messages: [
      {
        id: wamid,
        timestamp: String(Delivery.defaults.timestamp),
        type: "system",
        from: ida,
        system: { type: "user_changed_number", wa_id: ben, user_id: idaNext, previous_user_id: idaId, body: "" }
      }
    ]
  })

it.effect("finds the conversation of a person whose BSUID is left out, or whose phone is", () =>
  Effect.gen(function* () {
    const { conversations, listeners } = makeRecorder()
    const { awaitIdle, deliver } = yield* start({ listeners })
    yield* deliver(
      text("phone, before", { from: ida }),
      text("both", { from: ida, userId: idaId }),
      text("phone", { from: ida }),
      text("BSUID", { from: null, userId: idaId }),
      text("somebody else", { from: ben })
    )
    yield* awaitIdle
    assert.deepStrictEqual(conversations, [
      `phone, before in ${ida}`,
      `somebody else in ${ben}`,
      `both in ${idaId}`,
      `phone in ${idaId}`,
      `BSUID in ${idaId}`
    ])
  })
)

it.effect("goes by what came before in the same delivery", () =>
  Effect.gen(function* () {
    const { conversations, listeners } = makeRecorder()
    const { awaitIdle, deliver } = yield* start({ listeners })
    yield* deliver(
      Delivery.messages({
        messages: [
          Delivery.textItem("1", { from: ida, userId: idaId }),
          Delivery.textItem("2", { from: ida }),
          Delivery.textItem("3", { from: ida })
        ]
      })
    )
    yield* awaitIdle
    assert.deepStrictEqual(conversations, [`1 in ${idaId}`, `2 in ${idaId}`, `3 in ${idaId}`])
  })
)

it.effect("handles what a person writes in order, under whatever id it comes", () =>
  Effect.gen(function* () {
    const { entries, note } = makeJournal()
    const slow = takesASecond(note)
    const { deliver } = yield* start({ listeners: [slow] })
    yield* deliver(
      text("1", { from: ida, userId: idaId }),
      text("2", { from: ida }),
      text("3", { from: null, userId: idaId }),
      text("4", { from: ida, userId: idaId })
    )
    yield* pass("10 seconds")
    assert.deepStrictEqual(entries, ["1s 1", "2s 2", "3s 3", "4s 4"])
  })
)

it.effect("handles what a person writes in order, also while their ids change", () =>
  Effect.gen(function* () {
    const conversations: Array<string> = []
    const { entries, note } = makeJournal()
    const slow = Listener.make("slow", ["TextReceived", "UserNumberChanged"], ({ conversationId, wamid }) =>
      Effect.gen(function* () {
        yield* Effect.sleep("1 second")
        conversations.push(conversationId.slice(number.length + 1))
        yield* note(wamid)
      })
    )
    const { deliver } = yield* start({ listeners: [slow] })
    yield* deliver(
      text("1", { from: ida }),
      text("2", { from: ida }),
      text("3", { from: ida, userId: idaId }),
      text("4", { from: null, userId: idaId }),
      changed("5"),
      text("6", { from: ben }),
      text("7", { from: null, userId: idaNext })
    )
    yield* pass("10 seconds")
    assert.deepStrictEqual(entries, ["1s 1", "2s 2", "3s 3", "4s 4", "5s 5", "6s 6", "7s 7"])
    assert.deepStrictEqual(conversations, [ida, ida, idaId, idaId, idaNext, idaNext, idaNext])
  })
)

it.effect("keeps a person's order also where another process heard of the change first", () =>
  Effect.gen(function* () {
    const { entries, note } = makeJournal()
    const memory = Identities.makeMemory()
    const identities = Layer.succeed(Identities.Identities, memory)
    const { deliver } = yield* start({ listeners: [takesASecond(note)], identities })
    const was = { userId: BusinessScopedUserId.make(idaId) }
    const is = { userId: BusinessScopedUserId.make(idaNext) }
    yield* deliver(text("1", { from: null, userId: idaId }))
    yield* settle
    yield* memory.merge(PhoneNumberId.make(number), was, is)
    yield* deliver(changed("2"), text("3", { from: null, userId: idaNext }))
    yield* pass("10 seconds")
    assert.deepStrictEqual(entries, ["1s 1", "2s 2", "3s 3"])
  })
)

it.effect("does not let somebody wait who has the phone of another now", () =>
  Effect.gen(function* () {
    const { entries, note } = makeJournal()
    const slow = takesASecond(note)
    const { deliver } = yield* start({ listeners: [slow] })
    yield* deliver(
      text("1", { from: ida, userId: idaId }),
      text("2", { from: null, userId: idaId }),
      text("3", { from: ida, userId: "US.3333" })
    )
    yield* pass("10 seconds")
    assert.deepStrictEqual(entries, ["1s 1", "1s 3", "2s 2"])
  })
)

it.effect("follows a person to a new number, and says which conversation it was before", () =>
  Effect.gen(function* () {
    const { conversations, listeners, seen } = makeRecorder()
    const { awaitIdle, deliver } = yield* start({ listeners })
    yield* deliver(
      text("before", { from: ida, userId: idaId }),
      changed("change"),
      text("new", { from: null, userId: idaNext }),
      text("old", { from: null, userId: idaId }),
      text("new phone", { from: ben })
    )
    yield* awaitIdle
    assert.deepStrictEqual(conversations.toSorted(), [
      `before in ${idaId}`,
      `change in ${idaNext}`,
      `new in ${idaNext}`,
      `new phone in ${idaNext}`,
      `old in ${idaNext}`
    ])
    const of = (wamid: string) => seen.findIndex((event) => "wamid" in event && event.wamid === wamid)
    assert.isBelow(of("change"), of("new"))
    assert.isBelow(of("new"), of("old"))
    const event = seen[of("change")]
    assert.isTrue(event?._tag === "UserNumberChanged" && event.previousConversationId === `${number}/${idaId}`)
  })
)

it.effect("finds the conversation of before by the phone, where the change names no BSUID", () =>
  Effect.gen(function* () {
    const { listeners, seen } = makeRecorder()
    const { awaitIdle, deliver } = yield* start({ listeners })
    yield* deliver(
      text("before", { from: ida, userId: idaId }),
      Delivery.messages({
        messages: [
          {
            id: "change",
            timestamp: String(Delivery.defaults.timestamp),
            type: "system",
            from: ida,
            system: { type: "user_changed_number", wa_id: ben, body: "" }
          }
        ]
      })
    )
    yield* awaitIdle
    const event = seen.at(-1)
    assert.isTrue(event?._tag === "UserNumberChanged")
    if (event?._tag !== "UserNumberChanged") return
    assert.strictEqual(event.previousConversationId, `${number}/${idaId}`)
    assert.strictEqual(event.conversationId, `${number}/${ben}`)
  })
)

it.effect(
  "still says which conversation it was before when the change was learned but the event was not yet admitted",
  () =>
    Effect.gen(function* () {
      const { listeners, seen } = makeRecorder()
      const memory = Identities.makeMemory()
      const [was, is] = [{ userId: BusinessScopedUserId.make(idaId) }, { userId: BusinessScopedUserId.make(idaNext) }]
      yield* memory.merge(PhoneNumberId.make(number), was, is)
      const world = yield* start({ listeners, identities: Layer.succeed(Identities.Identities, memory) })
      yield* world.deliver(changed("change"))
      yield* world.awaitIdle
      const [event] = seen
      assert.isTrue(event?._tag === "UserNumberChanged" && event.previousConversationId === `${number}/${idaId}`)
    })
)

it.effect("keeps a group together, whoever of it writes", () =>
  Effect.gen(function* () {
    const { conversations, listeners } = makeRecorder()
    const { awaitIdle, deliver } = yield* start({ listeners })
    yield* deliver(
      text("1", { from: ida, userId: idaId, groupId: "group" }),
      text("2", { from: ben, groupId: "group" }),
      text("3", { from: ida, groupId: "group" }),
      text("alone", { from: ida })
    )
    yield* awaitIdle
    assert.deepStrictEqual(conversations.toSorted(), ["1 in group", "2 in group", "3 in group", `alone in ${idaId}`])
  })
)

/** Identities that answer for these people only after a while. */
const awayUntil = (until: number, whom: (user: WhatsAppUser) => boolean) => {
  const memory = Identities.makeMemory()
  const when = <A>(user: WhatsAppUser, ask: Effect.Effect<A, IdentitiesError>) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      whom(user) && now < until ? Effect.fail(new IdentitiesError({ cause: "ECONNREFUSED" })) : ask
    )
  return Layer.succeed(Identities.Identities, {
    ...memory,
    observe: (of: PhoneNumberId, user: WhatsAppUser) => when(user, memory.observe(of, user)),
    find: (of: PhoneNumberId, user: WhatsAppUser) => when(user, memory.find(of, user)),
    merge: (of: PhoneNumberId, previous: WhatsAppUser, current: WhatsAppUser) =>
      when(current, memory.merge(of, previous, current))
  })
}

it.effect("waits while Identities do not answer, loses nothing, and keeps the order of each person", () =>
  Effect.gen(function* () {
    const { conversations, entries, listeners } = makeRecorder()
    const { awaitIdle, deliver } = yield* start({ listeners, identities: awayUntil(90_000, () => true) })
    yield* deliver(text("1", { from: ida, userId: idaId }), text("2", { from: ida }))
    yield* pass("15 seconds")
    yield* deliver(text("3", { from: null, userId: idaId }), Delivery.status("status", "sent"))
    yield* pass("70 seconds")
    // A status needs nobody.
    assert.deepStrictEqual(entries, ["15s status"])
    yield* deliver(text("4", { from: ida }))
    yield* pass("10 seconds")
    yield* deliver(text("5", { from: ida, userId: idaId }))
    yield* pass("1 minute")
    yield* awaitIdle
    assert.deepStrictEqual(
      conversations,
      ["1", "2", "3", "4", "5"].map((wamid) => `${wamid} in ${idaId}`)
    )
  })
)

it.effect("holds up only those of whom Identities know nothing to say", () =>
  Effect.gen(function* () {
    const { entries, listeners } = makeRecorder()
    const identities = awayUntil(10_000, ({ waId }) => waId === ida)
    const { deliver } = yield* start({ listeners, identities })
    yield* deliver(
      Delivery.messages({
        messages: [
          Delivery.textItem("ida 1", { from: ida }),
          Delivery.textItem("ben 1", { from: ben }),
          Delivery.textItem("ida 2", { from: ida })
        ]
      }),
      text("ben 2", { from: ben })
    )
    yield* settle
    assert.deepStrictEqual(entries, ["0s ben 1", "0s ben 2"])
    yield* pass("1 minute")
    assert.deepStrictEqual(entries.slice(2), ["15s ida 1", "15s ida 2"])
  })
)

it.effect("keeps the conversation that was found, also through a dead letter", () =>
  Effect.gen(function* () {
    let isDown = true
    const { conversations, listeners } = makeRecorder()
    const resolver = Layer.succeed(OwnerResolver.OwnerResolver, {
      resolve: (user: WhatsAppUser) =>
        isDown && user.userId === undefined
          ? Effect.fail(new OwnerResolverError({ cause: "down" }))
          : Effect.succeed({ _tag: "Customer" as const, user })
    })
    const inbox = yield* Inbox.Inbox
    const world = yield* start({ listeners, resolver, inbox: Layer.succeed(Inbox.Inbox, inbox) })
    yield* world.deliver(text("both", { from: ida, userId: idaId }), text("phone", { from: ida }))
    yield* pass("1 minute")
    const [letter] = yield* inbox.list
    assert.deepStrictEqual<unknown>(letter?.task.decision, { conversationId: `${number}/${idaId}` })
    isDown = false
    // Another process, which never saw the two ids together.
    yield* world.shutdown
    const next = yield* start({ listeners, resolver, inbox: Layer.succeed(Inbox.Inbox, inbox) })
    yield* inbox.requeue(letter?.task.id ?? "")
    yield* next.awaitIdle
    assert.deepStrictEqual(conversations, [`both in ${idaId}`, `phone in ${idaId}`])
  }).pipe(Effect.provide(Inbox.layerMemory()))
)
