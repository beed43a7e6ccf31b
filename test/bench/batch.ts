/**
 * What a full delivery costs behind the answer, as a multiple of what nobody can leave out, HMAC and `JSON.parse` of the
 * same bytes. A process for itself, because the schema compiler, with which it is measured too, cannot be switched off
 * again.
 */
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners, WhatsAppEvents } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookPipeline } from "@effect-whatsapp/node/webhook"
import { Console, Context, DateTime, Deferred, Effect, Layer, Queue, Stream } from "effect"
import { createHmac } from "node:crypto"
import { batchSize, statuses, texts } from "./deliveries.ts"
import { type Contender, type Row, sideBySide, table } from "./measure.ts"

/** Tells the part of the benchmark that started this, or prints when nobody did. */
const report = (title: string, rows: ReadonlyArray<Row>) =>
  process.send === undefined ? Console.log(table(title, rows)) : Effect.sync(() => void process.send?.({ title, rows }))

const bare: Contender<Uint8Array> = {
  name: "HMAC + JSON.parse",
  run: (bytes) =>
    Effect.sync(() => {
      createHmac("sha256", "secret").update(bytes).digest()
      JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"))
    })
}

/** Fewer for a short run. */
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 80)

let deliveries = 0
const nextDigest = () => DeliveryDigest.make(String(++deliveries).padStart(64, "0"))

const decode: Contender<Uint8Array> = {
  name: "decode",
  run: (bytes) => Effect.sync(() => void fromDelivery(nextDigest(), bytes))
}

/** Counts what a watcher sees, and tells when it has seen a whole delivery. */
const makeWatcher = Effect.fnUntraced(function* (events: WhatsAppEvents.WhatsAppEvents["Service"]) {
  let seen = 0
  let wanted = { count: Infinity, reached: yield* Deferred.make<void>() }
  yield* Effect.forkScoped(
    Stream.runForEachArray(events.stream, (some) =>
      Effect.sync(() => {
        seen += some.length
        if (seen >= wanted.count) Deferred.doneUnsafe(wanted.reached, Effect.void)
      })
    ),
    { startImmediately: true }
  )
  return {
    /** Call before, await after. */
    seesAnother: (count: number) => {
      wanted = { count: seen + count, reached: Deferred.makeUnsafe() }
      return Deferred.await(wanted.reached)
    }
  }
})

const Services = Layer.mergeAll(OwnerResolver.layerPhones([]), Deduplication.layerMemory())
const pipeline = <E>(inbox: Layer.Layer<Inbox.Inbox, E>, ...listeners: ReadonlyArray<Listener.Listener>) =>
  WebhookPipeline.layer().pipe(
    Layer.provide([Listeners.layer(...listeners), Services]),
    Layer.provideMerge([WhatsAppEvents.layer(), inbox])
  )

/** An inbox that costs nothing: it hands out what it is given, and tells when that is settled. */
const makeFreeInbox = Effect.gen(function* () {
  const queue = yield* Queue.unbounded<Inbox.Delivery>()
  let settled = yield* Deferred.make<void>()
  const settle = ({ settled: isSettled }: Inbox.Admission) => {
    if (isSettled) Deferred.doneUnsafe(settled, Effect.void)
  }
  type Admit = [Inbox.Delivery["digest"], ReadonlyArray<Inbox.NewTask>, Inbox.Admission]
  const inbox = Inbox.Inbox.of({
    durable: true,
    keptBy: "process",
    append: () => Effect.void,
    take: Queue.takeAll(queue),
    admit: Object.assign((...[, , options]: Admit) => Effect.sync(() => settle(options)), {
      now: (...[, , options]: Admit) => settle(options)
    }),
    lanes: Effect.succeed([]),
    body: () => Effect.undefined,
    next: () => Effect.never,
    done: () => Effect.void,
    retryAt: () => Effect.void,
    dead: () => Effect.void,
    release: () => Effect.void,
    list: Effect.succeed([]),
    requeue: () => Effect.succeed(false),
    remove: () => Effect.succeed(false),
    forget: () => Effect.succeed({ deliveries: 0, tasks: 0, dead: 0, running: 0 }),
    depth: Effect.succeed({ deliveries: 0, waiting: 0, running: 0, dead: 0 }),
    load: Effect.succeed({ deliveries: 0, bytes: 0, oldest: undefined }),
    awaitIdle: Effect.void
  })
  const receivedAt = DateTime.makeUnsafe(0)
  return {
    inbox,
    deliver: (body: Uint8Array) => {
      settled = Deferred.makeUnsafe()
      Queue.offerUnsafe(queue, { digest: nextDigest(), body, receivedAt })
      return Deferred.await(settled)
    }
  }
})

const statusesAlone = Effect.gen(function* () {
  const { deliver, inbox } = yield* makeFreeInbox
  const context = yield* Layer.build(pipeline(Layer.succeed(Inbox.Inbox, inbox)))
  const watcher = yield* makeWatcher(Context.get(context, WhatsAppEvents.WhatsAppEvents))
  const rows = yield* sideBySide({
    warmUp: Math.ceil((rounds * 3) / 4),
    rounds,
    input: statuses,
    contenders: [
      bare,
      decode,
      {
        name: "decode + admit + publish",
        run: (bytes) =>
          Effect.suspend(() => {
            const seen = watcher.seesAnother(batchSize)
            return Effect.andThen(deliver(bytes), seen)
          })
      }
    ]
  })
  yield* report(`${batchSize} statuses, one watcher, an inbox that costs nothing`, rows)
})

const textsWithListener = Effect.gen(function* () {
  let handled = 0
  const listener = Listener.make("nothing", "TextReceived", () => Effect.sync(() => void handled++))
  const context = yield* Layer.build(pipeline(Inbox.layerMemory(), listener))
  const inbox = Context.get(context, Inbox.Inbox)
  const { awaitIdle } = Context.get(context, WebhookPipeline.WebhookPipeline)
  const warmUp = Math.ceil((rounds * 3) / 8)
  const counted = Math.ceil(rounds / 2)
  const rows = yield* sideBySide({
    warmUp,
    rounds: counted,
    input: texts,
    contenders: [
      bare,
      decode,
      { name: "append to handled", run: (bytes) => Effect.orDie(Effect.andThen(inbox.append(bytes), awaitIdle)) }
    ]
  })
  const expected = (warmUp + counted) * batchSize
  if (handled !== expected)
    return yield* Effect.die(new Error(`${handled} messages were handled instead of ${expected}`))
  yield* report(`${batchSize} texts of 200 conversations, one listener that does nothing, memory inbox`, rows)
})

await Effect.runPromise(Effect.scoped(statusesAlone))
await Effect.runPromise(Effect.scoped(textsWithListener))
if (process.connected) process.disconnect()
