/** Puts the parts together: people, sends and the webhook share one clock and one memory. */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as NetAddress from "effect/net/NetAddress"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { Activity, type Tick } from "../Activity.ts"
import type { MetaOptions } from "../CloudApiEmulator.ts"
import type { Delivery, Part } from "../Delivery.ts"
import type { Fault } from "../Fault.ts"
import { HandshakeRefused } from "../HandshakeRefused.ts"
import type { MediaFault } from "../MediaFault.ts"
import type { Profile, Sent } from "../Person.ts"
import * as Bounded from "./bounded.ts"
import * as Conversations from "./conversations.ts"
import * as Customer from "./customer.ts"
import * as Envelope from "./envelope.ts"
import type { Undelivered } from "./graph.ts"
import * as GraphApi from "./graphApi.ts"
import * as MediaStore from "./mediaStore.ts"
import * as MetaJson from "./metaJson.ts"
import * as People from "./people.ts"
import * as Statuses from "./statuses.ts"
import * as Subscriptions from "./subscriptions.ts"
import * as TemplateStore from "./templateStore.ts"
import * as Tokens from "./tokens.ts"
import * as Uploads from "./uploads.ts"
import * as Webhook from "./webhook.ts"

export const make = Effect.fnUntraced(function* (options: MetaOptions) {
  const clock = yield* Clock.Clock
  const server = yield* HttpServer.HttpServer
  const millis = () => clock.currentTimeMillisUnsafe()
  const people = People.make()
  const numbers = new Map(options.numbers.map((one) => [one.phoneNumberId, one]))
  const sent: Array<Sent> = []
  const ticks = new Map<string, Array<Tick>>()
  const conversations = Conversations.make(people, millis)
  const faults: Array<Fault> = []
  const mediaFaults: Array<MediaFault> = []
  const uploadCuts: Array<number> = []
  const media = MediaStore.make(millis)
  const uploads = Uploads.make()
  const url = urlOf(server.address)
  const activity = yield* PubSub.sliding<Activity>({ capacity: 1024, replay: 1024 })
  const changes = yield* PubSub.sliding<void>(1)
  const tell = (happened: Activity): void => {
    PubSub.publishUnsafe(activity, happened)
    PubSub.publishUnsafe(changes, undefined)
  }

  const tokens = Tokens.make(options, millis)
  const subscriptions = Subscriptions.make(options)
  const templates = TemplateStore.make(options, millis)
  const webhook = yield* Webhook.make({
    destinationOf: subscriptions.destinationOf,
    secret: Tokens.reveal(options.appSecret),
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

  const routeOfRaw: Subscriptions.Route = { field: "messages", phoneNumberId: options.numbers[0].phoneNumberId }
  const signed = (parts: Arr.NonEmptyReadonlyArray<Part>, secret?: string) =>
    webhook.sign(bodyOf(parts), wamidsOf(parts), Subscriptions.routeOf(parts[0]), secret)
  const destinationOf = (part: Part) => Result.merge(subscriptions.destinationOf(Subscriptions.routeOf(part)))
  /** One POST has one destination, and as a rule there is only one; the answer is that of the first. */
  const post = (parts: Arr.NonEmptyReadonlyArray<Part>): Effect.Effect<Delivery> => {
    const [first, ...others] = parts
    const isHere = (part: Part) => destinationOf(part) === destinationOf(first)
    const own = webhook.deliver(signed([first, ...others.filter(isHere)]))
    const elsewhere = others.filter((part) => !isHere(part))
    return Arr.isReadonlyArrayNonEmpty(elsewhere)
      ? Effect.map(Effect.all([own, post(elsewhere)], { concurrency: "unbounded" }), ([delivery]) => delivery)
      : own
  }

  const deliver = (...parts: Arr.NonEmptyReadonlyArray<Part>) =>
    Effect.suspend(() => {
      for (const part of parts) {
        if (!("message" in part)) continue
        conversations.wrote(part)
        tell(Activity.Wrote({ part }))
      }
      return post(parts)
    })

  const customerPost: Customer.Post = {
    defaultNumber: options.numbers[0].phoneNumberId,
    url,
    business,
    media,
    millis,
    deliver
  }

  /** Reports one status after the other; the next when the webhook has the one before. */
  const report = Effect.fnUntraced(function* (about: Statuses.About, undelivered: Undelivered | undefined) {
    const { wamid } = about.sent
    const known: Array<Tick> = []
    Bounded.set(ticks, wamid, known)
    const tellOf = Effect.fnUntraced(function* (tick: Tick, priced: boolean) {
      yield* Effect.sleep(options.statusDelay ?? 0)
      const part =
        undelivered === undefined
          ? Statuses.part(about, tick, millis(), priced)
          : Statuses.failed(about, undelivered.code, undelivered.details, millis())
      const { acknowledged } = yield* Effect.flatMap(deliver(part), (delivery) => delivery.settled)
      if (!acknowledged) return
      known.push(tick)
      tell(Activity.Ticked({ wamid, tick }))
    })
    if (undelivered !== undefined) return yield* tellOf("failed", false)
    const all = options.statuses ?? (["sent", "delivered", "read"] as const)
    // Only one of delivered and read is priced.
    const isPriced = (tick: Tick) => tick === "sent" || tick === all.find((one) => one !== "sent")
    // Of a reaction Meta tells no more, and a group's statuses would need its members.
    const isSentOnly = about.groupId !== undefined || about.sent.type === "reaction"
    const due = isSentOnly ? all.filter((tick) => tick === "sent") : all
    yield* Effect.forEach(due, (tick) => tellOf(tick, isPriced(tick)), { discard: true })
  })

  yield* GraphApi.mount({
    options,
    url,
    numbers,
    people,
    media,
    uploads,
    tokens,
    subscriptions,
    templates,
    verify: webhook.verify,
    millis,
    tell,
    takeFault: () => faults.shift(),
    takeMediaFault: () => mediaFaults.shift(),
    takeUploadCut: () => uploadCuts.shift(),
    accept: ({ about, answered, entry, undelivered }) => {
      Bounded.push(sent, about.sent)
      conversations.sent(about.sent, entry)
      // What cannot be delivered never reaches the person.
      if (entry !== undefined && undelivered === undefined) {
        Bounded.push(entry.received, about.sent)
        Queue.offerUnsafe(entry.next, about.sent)
      }
      tell(Activity.Accepted({ sent: about.sent }))
      webhook.background(Effect.andThen(answered, report(about, undelivered)))
    },
    cannotReact: conversations.cannotReact,
    markRead: (wamid, phoneNumberId, typing) => {
      const isRead = conversations.markRead(wamid, phoneNumberId)
      if (isRead) tell(Activity.Seen({ wamid, typing }))
      return isRead
    }
  })

  const forgery = SecureRandom.uuidV4Unsafe()
  return {
    url,
    setWebhookUrl: (url: string) => Effect.sync(() => subscriptions.setCallbackUrl(url)),
    verifyWebhook: (verifyToken: string | Redacted.Redacted) =>
      Effect.suspend(() => {
        const callbackUrl = subscriptions.callbackUrl()
        return callbackUrl === undefined
          ? Effect.fail(new HandshakeRefused({ details: "no webhook URL is set" }))
          : webhook.verify(callbackUrl, Tokens.reveal(verifyToken))
      }),
    customer: (profile: Profile) => Effect.map(people.add(profile), (entry) => Customer.make(customerPost, entry)),
    deliver,
    deliverRaw: (body: string) => Effect.suspend(() => webhook.deliver(webhook.sign(body, [], routeOfRaw))),
    redeliver: (delivery: Delivery) => webhook.redeliver(delivery, routeOfRaw),
    deliverForged: (...parts: Arr.NonEmptyReadonlyArray<Part>) =>
      Effect.suspend(() => webhook.once(signed(parts, forgery))),
    failNext: (...next: ReadonlyArray<Fault>) => Effect.sync(() => void faults.push(...next)),
    failNextDownload: (...next: ReadonlyArray<MediaFault>) => Effect.sync(() => void mediaFaults.push(...next)),
    cutNextUpload: (afterBytes: number) => Effect.sync(() => void uploadCuts.push(afterBytes)),
    uploaded: Effect.sync(() => uploads.uploaded.slice()),
    sent: Effect.sync(() => sent.slice()),
    ticks: (wamid: string) => Effect.sync(() => ticks.get(wamid)?.slice() ?? []),
    awaitTick: Effect.fnUntraced(function* (wamid: string, tick: Tick) {
      const subscription = yield* PubSub.subscribe(changes)
      while (ticks.get(wamid)?.includes(tick) !== true) yield* PubSub.take(subscription)
    }, Effect.scoped),
    templates: Effect.sync(() => templates.all().map((one) => TemplateStore.nodeOf(one))),
    setTemplateStatus: (which: { readonly name: string; readonly language: string }, status: string, reason?: string) =>
      Effect.suspend(() => deliver(TemplateStore.review(templates, which, status, reason))),
    attempts: webhook.attempts,
    activity: Stream.fromPubSub(activity),
    awaitIdle: webhook.awaitIdle
  }
})

/** An address that means every interface is reached by the loopback one. */
const urlOf = (address: NetAddress.SocketAddress): string =>
  NetAddress.isUnixPathAddress(address) || !NetAddress.isUnspecified(address.address)
    ? HttpServer.formatAddress(address)
    : `http://${NetAddress.formatIp(NetAddress.ipv4Loopback)}:${address.port}`
