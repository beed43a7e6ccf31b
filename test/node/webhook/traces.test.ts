/** The spans of the pipeline, for a tracer that keeps them. */
import { assert, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, RetryPolicy } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Effect, Fiber, Layer, Option, type Tracer } from "effect"
import { inFolder, turns } from "../inbox/sqlite.ts"
import { makeRecorder } from "../tracing.ts"
import { ida, pass, settle, start } from "./world.ts"

const linksOf = (span: Tracer.NativeSpan) => span.links.map(({ span: { spanId, traceId } }) => ({ spanId, traceId }))
const idsOf = ({ spanId, traceId }: Tracer.NativeSpan) => ({ spanId, traceId })

it.effect("begins a trace for each attempt of a listener, linked to the span in which the delivery came", () =>
  Effect.gen(function* () {
    const recorder = makeRecorder()
    let attempts = 0
    yield* Effect.gen(function* () {
      const echo = Listener.make("echo", "TextReceived", () =>
        ++attempts === 1 ? Effect.fail({ _tag: "NotNow", text: "my secret wish" }) : Effect.void
      )
      const { awaitIdle, texts } = yield* Effect.withSpan(start({ listeners: [echo] }), "the start of the program")
      yield* Effect.withSpan(texts(ida, "wamid.1"), "delivery")
      yield* pass("1 second")
      yield* awaitIdle
    }).pipe(Effect.withTracer(recorder.tracer))
    const delivery = recorder.first("delivery")
    const spans = recorder.named("Listener.echo")
    assert.deepStrictEqual(
      spans.map((span) => Object.fromEntries(span.attributes)),
      [
        { "whatsapp.event": "TextReceived", "whatsapp.attempt": 1, "whatsapp.outcome": "NotNow" },
        { "whatsapp.event": "TextReceived", "whatsapp.attempt": 2, "whatsapp.outcome": "done" }
      ]
    )
    for (const span of spans) {
      assert.strictEqual(span.kind, "consumer")
      assert.isTrue(Option.isNone(span.parent))
      assert.deepStrictEqual(linksOf(span), [idsOf(delivery)])
      assert.isTrue(span.sampled)
      assert.strictEqual(span.status._tag, "Ended")
    }
    assert.notStrictEqual(spans[0]?.traceId, spans[1]?.traceId)
  })
)

it.effect("ends the span of a listener whose time is over, and of one that a shutdown stopped", () =>
  Effect.gen(function* () {
    const recorder = makeRecorder()
    yield* Effect.gen(function* () {
      const hangs = () => Effect.never
      const { shutdown, texts } = yield* start({
        listeners: [
          Listener.make("slow", "TextReceived", hangs, { timeout: "10 seconds", retry: () => RetryPolicy.Next.Dead() }),
          Listener.make("hangs", "TextReceived", hangs)
        ]
      })
      yield* texts(ida, "wamid.1")
      yield* pass("10 seconds")
      const closing = yield* Effect.forkChild(shutdown, { startImmediately: true })
      yield* pass("1 minute")
      yield* Fiber.join(closing)
    }).pipe(Effect.withTracer(recorder.tracer))
    assert.strictEqual(recorder.first("Listener.slow").attributes.get("whatsapp.outcome"), "TimeoutError")
    assert.deepStrictEqual(
      recorder.spans.map(({ name, status }) => `${name} ${status._tag}`),
      ["Listener.slow Ended", "Listener.hangs Ended"]
    )
  })
)

it.effect("links the work on a delivery also after a restart, over a SQLite file", () =>
  inFolder((folder) =>
    Effect.gen(function* () {
      const recorder = makeRecorder()
      const inbox = Layer.orDie(Inbox.layerSqlite({ path: `${folder}/inbox.db` }))
      yield* Effect.gen(function* () {
        const { append } = yield* Inbox.Inbox
        yield* Effect.withSpan(append(Delivery.text("wamid.1")), "delivery")
      }).pipe(Effect.provide(inbox), Effect.withTracer(recorder.tracer))
      // Another process begins to work on it, and is stopped before the work is done.
      yield* Effect.gen(function* () {
        const hang = Listener.make("echo", "TextReceived", () => Effect.never)
        const { shutdown } = yield* start({ inbox, listeners: [hang], shutdownTimeout: 0 })
        yield* pass("1 second")
        yield* turns
        const closing = yield* Effect.forkChild(shutdown, { startImmediately: true })
        yield* pass("1 minute")
        yield* Effect.andThen(turns, pass("1 minute"))
        assert.isDefined(closing.pollUnsafe())
      }).pipe(Effect.scoped, Effect.withTracer(recorder.tracer))
      yield* Effect.gen(function* () {
        const echo = Listener.make("echo", "TextReceived", () => Effect.void)
        const { awaitIdle } = yield* start({ inbox, listeners: [echo] })
        yield* awaitIdle
      }).pipe(Effect.scoped, Effect.withTracer(recorder.tracer))
      const ids = idsOf(recorder.first("delivery"))
      const spans = recorder.named("Listener.echo")
      assert.deepStrictEqual(spans.map(linksOf), [[ids], [ids]])
      assert.strictEqual(spans[1]?.attributes.get("whatsapp.outcome"), "done")
    })
  )
)

it.effect("puts what a listener traces under its own span, also in a program that was started in a span", () =>
  Effect.gen(function* () {
    const recorder = makeRecorder()
    yield* Effect.gen(function* () {
      const echo = Listener.make("echo", "TextReceived", () => Effect.withSpan(Effect.void, "my work"))
      const { awaitIdle, texts } = yield* Effect.withSpan(start({ listeners: [echo] }), "the start of the program")
      yield* texts(ida, "wamid.1")
      yield* awaitIdle
    }).pipe(Effect.withTracer(recorder.tracer))
    const parent = Option.getOrUndefined(recorder.first("my work").parent)
    assert.strictEqual(parent?.spanId, recorder.first("Listener.echo").spanId)
    assert.deepStrictEqual(recorder.first("Listener.echo").links, [])
  })
)

it.effect("does not record the work on a delivery that was not recorded", () =>
  Effect.gen(function* () {
    const recorder = makeRecorder()
    yield* Effect.gen(function* () {
      const echo = Listener.make("echo", "TextReceived", () => Effect.void)
      const { awaitIdle, texts } = yield* start({ listeners: [echo] })
      yield* Effect.withSpan(texts(ida, "wamid.1"), "delivery", { sampled: false })
      yield* awaitIdle
    }).pipe(Effect.withTracer(recorder.tracer))
    assert.isFalse(recorder.first("Listener.echo").sampled)
  })
)

it.effect("makes no span when there is no tracer that could show it", () =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const echo = Listener.make("echo", "TextReceived", () =>
      Effect.match(Effect.currentSpan, {
        onSuccess: ({ name }) => seen.push(name),
        onFailure: () => seen.push("no span")
      })
    )
    const { awaitIdle, texts } = yield* start({ listeners: [echo] })
    yield* texts(ida, "wamid.1")
    yield* awaitIdle
    const recorder = makeRecorder()
    yield* Effect.gen(function* () {
      const { awaitIdle, texts } = yield* start({ listeners: [echo] })
      yield* texts(ida, "wamid.1")
      yield* awaitIdle
    }).pipe(Effect.withTracerEnabled(false), Effect.withTracer(recorder.tracer))
    assert.deepStrictEqual(seen, ["no span", "no span"])
    assert.deepStrictEqual(recorder.spans, [])
  })
)

it.effect("keeps customers, messages and errors out of spans", () =>
  Effect.gen(function* () {
    const recorder = makeRecorder()
    yield* Effect.gen(function* () {
      const quote = Listener.make("quote", "TextReceived", ({ text, wamid }) => Effect.fail(`${text} ${wamid}`), {
        retry: () => RetryPolicy.Next.Dead()
      })
      const dies = Listener.make("dies", "TextReceived", ({ text }) => Effect.die(new Error(text)), {
        retry: () => RetryPolicy.Next.Dead()
      })
      const { awaitIdle, deliver } = yield* start({ listeners: [quote, dies] })
      const body = Delivery.text("wamid.1", { from: ida, userId: "US.42", text: "my secret wish", name: "Ida Voss" })
      yield* Effect.withSpan(deliver(body), "delivery")
      yield* settle
      yield* awaitIdle
    }).pipe(Effect.withTracer(recorder.tracer))
    const printed = recorder.printed()
    assert.include(printed, "Listener.quote")
    assert.include(printed, "Listener.dies")
    for (const secret of [ida, "US.42", "my secret wish", "Ida Voss", "wamid.1"]) assert.notInclude(printed, secret)
  })
)
