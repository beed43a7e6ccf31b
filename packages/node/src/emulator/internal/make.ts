/** Puts the parts together: people, sends and the webhook share one clock and one memory. */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as NetAddress from "effect/net/NetAddress"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { Activity, type Tick } from "../Activity.ts"
import type { MetaOptions } from "../CloudApiEmulator.ts"
import type { MessagePart, Part } from "../Delivery.ts"
import type { Fault } from "../Fault.ts"
import type { Customer, Profile, Sent, WriteOptions } from "../Person.ts"
import * as Bounded from "./bounded.ts"
import * as Envelope from "./envelope.ts"
import * as GraphApi from "./graphApi.ts"
import * as ids from "./ids.ts"
import * as MetaJson from "./metaJson.ts"
import * as People from "./people.ts"
import * as Statuses from "./statuses.ts"
import * as Webhook from "./webhook.ts"

export const make = Effect.fnUntraced(function* (options: MetaOptions) {
  const clock = yield* Clock.Clock
  const server = yield* HttpServer.HttpServer
  const millis = () => clock.currentTimeMillisUnsafe()
  const people = People.make()
  const numbers = new Map(options.numbers.map((one) => [one.phoneNumberId, one]))
  const sent: Array<Sent> = []
  const ticks = new Map<string, Array<Tick>>()
  const inbound = new Map<string, People.Entry>()
  const faults: Array<Fault> = []
  const activity = yield* PubSub.sliding<Activity>({ capacity: 1024, replay: 1024 })
  const changes = yield* PubSub.sliding<void>(1)
  const tell = (happened: Activity): void => {
    PubSub.publishUnsafe(activity, happened)
    PubSub.publishUnsafe(changes, undefined)
  }

  const webhook = yield* Webhook.make({
    url: options.webhookUrl,
    secret: reveal(options.appSecret),
    redelivery: options.redelivery,
    timeout: options.webhookTimeout,
    onAttempt: (attempt) => tell(Activity.Attempted({ attempt }))
  })
  const business: Envelope.Business = {
    businessAccountId: options.businessAccountId,
    displayPhoneNumber: (id) => numbers.get(id)?.displayPhoneNumber ?? ""
  }
  const bodyOf = (parts: ReadonlyArray<Part>) => MetaJson.encode(Envelope.make(parts, business))
  const wamidsOf = (parts: ReadonlyArray<Part>) => parts.flatMap((part) => ("field" in part ? [] : [part.wamid]))

  const deliver = (...parts: ReadonlyArray<Part>) =>
    Effect.suspend(() => {
      for (const part of parts) {
        if ("message" in part) wrote(part)
      }
      return webhook.deliver(webhook.sign(bodyOf(parts), wamidsOf(parts)))
    })

  /** Writing opens the window, whether or not the webhook hears of it. */
  const wrote = (part: MessagePart) => {
    const entry = people.of(part.person)
    if (entry !== undefined) {
      entry.wroteAt.set(part.phoneNumberId, millis())
      Bounded.push(entry.written, { wamid: part.wamid, phoneNumberId: part.phoneNumberId })
      Bounded.set(inbound, part.wamid, entry)
    }
    tell(Activity.Wrote({ part }))
  }

  const customer = Effect.fnUntraced(function* (profile: Profile) {
    const entry = yield* people.add(profile)
    const toPart = (raw: Envelope.Fields, write?: WriteOptions): MessagePart => {
      const id = typeof raw.id === "string" ? raw.id : ids.wamid()
      const phoneNumberId = write?.to ?? options.numbers[0].phoneNumberId
      const context =
        write?.replyTo === undefined
          ? undefined
          : { from: business.displayPhoneNumber(phoneNumberId), id: write.replyTo }
      const header = { ...Envelope.sender(entry.person), id, timestamp: String(Math.floor(millis() / 1000)) }
      const message = { ...Envelope.compact({ context }), ...header, ...raw }
      return { phoneNumberId, wamid: id, person: entry.person, message }
    }
    const message: Customer["message"] = (raw, write) => Effect.sync(() => toPart(raw, write))
    const text: Customer["text"] = (body, write) => message({ text: { body }, type: "text" }, write)
    const sendPart = (part: MessagePart) =>
      Effect.map(deliver(part), (delivery) => ({ ...delivery, wamid: part.wamid }))
    const send: Customer["send"] = (raw, write) =>
      Semaphore.withPermit(entry.writing, Effect.flatMap(message(raw, write), sendPart))
    const result: Customer = {
      get person() {
        return entry.person
      },
      message,
      text,
      send,
      sendText: (body, write) => Semaphore.withPermit(entry.writing, Effect.flatMap(text(body, write), sendPart)),
      received: Effect.sync(() => entry.received.slice()),
      next: Queue.take(entry.next),
      seen: Effect.sync(() => Array.from(entry.seen.keys()))
    }
    return result
  })

  /** Reports one status after the other; the next when the webhook has the one before. */
  const report = Effect.fnUntraced(function* (about: Statuses.About, fault: Fault | undefined) {
    const { wamid } = about.sent
    const known: Array<Tick> = []
    Bounded.set(ticks, wamid, known)
    const tellOf = Effect.fnUntraced(function* (tick: Tick, priced: boolean) {
      yield* Effect.sleep(options.statusDelay ?? 0)
      const part =
        fault?._tag === "Undelivered"
          ? Statuses.failed(about, fault.code, fault.details, millis())
          : Statuses.part(about, tick, millis(), priced)
      const { acknowledged } = yield* Effect.flatMap(deliver(part), (delivery) => delivery.settled)
      if (!acknowledged) return
      known.push(tick)
      tell(Activity.Ticked({ wamid, tick }))
    })
    if (fault?._tag === "Undelivered") return yield* tellOf("failed", false)
    const all = options.statuses ?? (["sent", "delivered", "read"] as const)
    // Only one of delivered and read is priced; a group's would need its members.
    const isPriced = (tick: Tick) => tick === "sent" || tick === all.find((one) => one !== "sent")
    const due = about.groupId === undefined ? all : all.filter((tick) => tick === "sent")
    yield* Effect.forEach(due, (tick) => tellOf(tick, isPriced(tick)), { discard: true })
  })

  yield* GraphApi.mount({
    options,
    numbers,
    people,
    millis,
    tell,
    takeFault: () => faults.shift(),
    accept: ({ about, answered, entry, fault }) => {
      Bounded.push(sent, about.sent)
      // What cannot be delivered never reaches the person.
      if (entry !== undefined && fault?._tag !== "Undelivered") {
        Bounded.push(entry.received, about.sent)
        Queue.offerUnsafe(entry.next, about.sent)
      }
      tell(Activity.Accepted({ sent: about.sent }))
      webhook.background(Effect.andThen(answered, report(about, fault)))
    },
    markRead: (wamid, phoneNumberId, typing) => {
      const entry = inbound.get(wamid)
      const upTo = entry?.written.findIndex((one) => one.wamid === wamid && one.phoneNumberId === phoneNumberId) ?? -1
      if (entry === undefined || upTo === -1) return false
      // Earlier ones are read with it.
      for (const one of entry.written.slice(0, upTo + 1)) {
        if (one.phoneNumberId === phoneNumberId) Bounded.set(entry.seen, one.wamid, true)
      }
      tell(Activity.Seen({ wamid, typing }))
      return true
    }
  })

  const forgery = SecureRandom.uuidV4Unsafe()
  return {
    url: urlOf(server.address),
    setWebhookUrl: webhook.setUrl,
    verifyWebhook: (verifyToken: string | Redacted.Redacted) => webhook.verify(reveal(verifyToken)),
    customer,
    deliver,
    deliverRaw: (body: string) => Effect.suspend(() => webhook.deliver(webhook.sign(body, []))),
    redeliver: webhook.deliver,
    deliverForged: (...parts: ReadonlyArray<Part>) =>
      Effect.suspend(() => webhook.once(webhook.sign(bodyOf(parts), wamidsOf(parts), forgery))),
    failNext: (...next: ReadonlyArray<Fault>) => Effect.sync(() => void faults.push(...next)),
    sent: Effect.sync(() => sent.slice()),
    ticks: (wamid: string) => Effect.sync(() => ticks.get(wamid)?.slice() ?? []),
    awaitTick: Effect.fnUntraced(function* (wamid: string, tick: Tick) {
      const subscription = yield* PubSub.subscribe(changes)
      while (ticks.get(wamid)?.includes(tick) !== true) yield* PubSub.take(subscription)
    }, Effect.scoped),
    attempts: webhook.attempts,
    activity: Stream.fromPubSub(activity),
    awaitIdle: webhook.awaitIdle
  }
})

const reveal = (secret: string | Redacted.Redacted): string =>
  typeof secret === "string" ? secret : Redacted.value(secret)

/** An address that means every interface is reached by the loopback one. */
const urlOf = (address: NetAddress.SocketAddress): string =>
  NetAddress.isUnixPathAddress(address) || !NetAddress.isUnspecified(address.address)
    ? HttpServer.formatAddress(address)
    : `http://${NetAddress.formatIp(NetAddress.ipv4Loopback)}:${address.port}`
