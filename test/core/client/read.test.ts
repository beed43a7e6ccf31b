import { assert, describe, it } from "@effect/vitest"
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { MessageId, PhoneNumberId } from "@effect-whatsapp/core/domain"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Graph from "./graph.ts"

const question = { wamid: MessageId.make("wamid.IN1"), phoneNumberId: PhoneNumberId.make(Graph.support) }
const typing = { typing_indicator: { type: "text" } }
const read = { messaging_product: "whatsapp", status: "read", message_id: "wamid.IN1" }

describe("markRead", () => {
  it.effect(
    "tells Meta under the number that was written to",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
      yield* whatsapp.markRead(question)
      assert.deepStrictEqual(yield* sent, [
        {
          url: `https://graph.facebook.com/v23.0/${Graph.support}/messages`,
          method: "POST",
          authorization: `Bearer ${Graph.otherToken}`,
          body: read
        }
      ])
    })
  )
  it.effect(
    "takes a bare id, of the first number",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
      yield* whatsapp.markRead({ wamid: question.wamid })
      assert.include((yield* sent)[0]?.url, `/${Graph.sales}/`)
    })
  )
  it.effect(
    "may be made again when nobody knows how it ended",
    Effect.fn(function* () {
      for (const [status, body] of [
        [503, "<p>busy</p>"],
        [408, ""],
        [499, ""],
        [200, "{}"],
        [200, { success: false }]
      ] as const) {
        const { whatsapp } = yield* Graph.answering(status, body)
        const error = yield* Effect.flip(whatsapp.markRead(question))
        assert.deepStrictEqual([error.reason._tag, error.verdict._tag], ["NoAnswer", "Backoff"])
      }
      const { whatsapp } = yield* Graph.make(() => Effect.never)
      const waiting = yield* Effect.forkChild(Effect.flip(whatsapp.markRead(question)))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(
        (yield* Fiber.join(waiting)).message,
        "WhatsAppClient.markRead: NoAnswer, no answer within 30 seconds"
      )
    })
  )
  it.effect.each([undefined, null, {}, { wamid: "" }, { wamid: 7 }])(
    "needs the id of a message: %j",
    Effect.fn(function* (message) {
      const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
      for (const method of [whatsapp.markRead, whatsapp.typing]) {
        // @ts-expect-error -- as untyped code may call it
        const { reason } = yield* Effect.flip(method(message))
        assert.deepInclude(reason, { _tag: "InvalidMessage", field: "wamid" })
      }
      assert.deepStrictEqual(yield* sent, [])
    })
  )
  it.effect(
    "says what Meta refuses",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(400, { error: { code: 131009, message: "(#131009) no" } })
      assert.strictEqual((yield* Effect.flip(whatsapp.markRead(question))).reason._tag, "InvalidParameter")
    })
  )
  it.effect(
    "needs a number that is configured",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
      const error = yield* Effect.flip(whatsapp.markRead({ ...question, phoneNumberId: PhoneNumberId.make("7") }))
      assert.strictEqual(error.reason._tag, "NumberNotConfigured")
      assert.deepStrictEqual(yield* sent, [])
    })
  )
})

it.effect(
  "typing marks as read, too",
  Effect.fn(function* () {
    const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
    yield* whatsapp.typing(question)
    assert.deepStrictEqual((yield* sent)[0]?.body, { ...read, ...typing })
  })
)

describe("withTyping", () => {
  it.effect(
    "shows it again before WhatsApp hides it, for as long as the effect runs",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { success: true })
      const thought = yield* Deferred.make<string>()
      const answer = yield* WhatsAppClient.withTyping(question, Deferred.await(thought)).pipe(
        Effect.provideService(WhatsAppClient.WhatsAppClient, whatsapp),
        Effect.forkChild
      )
      yield* TestClock.adjust("19 seconds")
      assert.strictEqual((yield* sent).length, 1)
      yield* TestClock.adjust("41 seconds")
      assert.strictEqual((yield* sent).length, 4)
      yield* Deferred.succeed(thought, "42")
      assert.strictEqual(yield* Fiber.join(answer), "42")
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* sent).length, 4)
    })
  )
  it.effect(
    "does not mind when it cannot be shown",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(500, "")
      const run = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.provideService(WhatsAppClient.withTyping(question, effect), WhatsAppClient.WhatsAppClient, whatsapp)
      assert.strictEqual(yield* run(Effect.succeed(1)), 1)
      assert.strictEqual(yield* Effect.flip(run(Effect.fail("no idea"))), "no idea")
      const slow = yield* Effect.forkChild(run(Effect.delay(Effect.succeed(2), "1 minute")))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(slow), 2)
    })
  )
})
