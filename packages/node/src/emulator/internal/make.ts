/** Puts the parts together: people, sends and the webhook share one clock and one memory. */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as DateTime from "effect/DateTime"
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
import type { MediaFault } from "../MediaFault.ts"
import type { Customer, File, Profile, Sent, WriteOptions } from "../Person.ts"
import * as Bounded from "./bounded.ts"
import * as Envelope from "./envelope.ts"
import type { Undelivered } from "./graph.ts"
import * as GraphApi from "./graphApi.ts"
import * as ids from "./ids.ts"
import * as MediaApi from "./mediaApi.ts"
import * as MediaStore from "./mediaStore.ts"
import * as MetaJson from "./metaJson.ts"
import * as People from "./people.ts"
import * as Statuses from "./statuses.ts"
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
  const inbound = new Map<string, People.Entry>()
  const outbound = new Map<string, { readonly sent: Sent; readonly entry: People.Entry | undefined }>()
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
      const { message, phoneNumberId, wamid } = part
      const groupId = typeof message.group_id === "string" ? message.group_id : undefined
      // What is said in a group opens no window to the person.
      if (groupId === undefined) entry.wroteAt.set(phoneNumberId, millis())
      Bounded.push(entry.written, {
        wamid,
        phoneNumberId,
        at: millis(),
        isReaction: message.type === "reaction",
        groupId
      })
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
    const file: Customer["media"] = ({ bytes, ...said }, write) =>
      Effect.suspend(() => {
        const content = MediaStore.incoming()
        content.add(bytes)
        const phoneNumberId = write?.to ?? options.numbers[0].phoneNumberId
        const of = { phoneNumberId, mimeType: said.mimeType }
        return message(inMessage(said, media.add(content, of, MediaApi.receivedFor)), write)
      })
    const inMessage = (said: Omit<File, "bytes">, kept: MediaStore.Media): Envelope.Fields => ({
      type: said.type,
      [said.type]: Envelope.compact({
        id: kept.id,
        mime_type: said.mimeType,
        // Base64 here, hex where the business asks for the URL.
        sha256: kept.sha256.toString("base64"),
        url: MediaApi.urlOf({ media, url }, kept),
        caption: said.caption,
        filename: said.filename,
        voice: said.type === "audio" ? (said.voice ?? false) : undefined,
        animated: said.type === "sticker" ? (said.animated ?? false) : undefined
      })
    })
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
      media: file,
      send,
      sendMedia: (said, write) => Semaphore.withPermit(entry.writing, Effect.flatMap(file(said, write), sendPart)),
      sendText: (body, write) => Semaphore.withPermit(entry.writing, Effect.flatMap(text(body, write), sendPart)),
      received: Effect.sync(() => entry.received.slice()),
      next: Queue.take(entry.next),
      seen: Effect.sync(() => Array.from(entry.seen.keys()))
    }
    return result
  })

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
    millis,
    tell,
    takeFault: () => faults.shift(),
    takeMediaFault: () => mediaFaults.shift(),
    takeUploadCut: () => uploadCuts.shift(),
    accept: ({ about, answered, entry, undelivered }) => {
      Bounded.push(sent, about.sent)
      Bounded.set(outbound, about.sent.wamid, { sent: about.sent, entry })
      // What cannot be delivered never reaches the person.
      if (entry !== undefined && undelivered === undefined) {
        Bounded.push(entry.received, about.sent)
        Queue.offerUnsafe(entry.next, about.sent)
      }
      tell(Activity.Accepted({ sent: about.sent }))
      webhook.background(Effect.andThen(answered, report(about, undelivered)))
    },
    cannotReact: (wamid, phoneNumberId, entry) => {
      const theirs = entry?.written.find((one) => one.wamid === wamid)
      const ours = outbound.get(wamid)
      const target =
        theirs ??
        (ours === undefined || ours.entry !== entry
          ? undefined
          : {
              phoneNumberId: ours.sent.phoneNumberId,
              at: DateTime.toEpochMillis(ours.sent.at),
              isReaction: ours.sent.type === "reaction"
            })
      if (target?.phoneNumberId !== phoneNumberId) return "The message is not in this conversation."
      if (target.isReaction) return "A reaction cannot be reacted to."
      return millis() - target.at > thirtyDays ? "The message is older than 30 days." : undefined
    },
    markRead: (wamid, phoneNumberId, typing) => {
      const entry = inbound.get(wamid)
      const isIt = (one: People.Written) => one.wamid === wamid && one.phoneNumberId === phoneNumberId
      const upTo = entry?.written.findIndex(isIt) ?? -1
      const last = entry?.written[upTo]
      if (entry === undefined || last === undefined || millis() - last.at > thirtyDays) return false
      // Earlier ones are read with it; in a group, each has to be marked.
      for (const one of entry.written.slice(0, upTo + 1)) {
        const isRead = one === last || (last.groupId === undefined && one.groupId === undefined)
        if (isRead && one.phoneNumberId === phoneNumberId) Bounded.set(entry.seen, one.wamid, true)
      }
      tell(Activity.Seen({ wamid, typing }))
      return true
    }
  })

  const forgery = SecureRandom.uuidV4Unsafe()
  return {
    url,
    setWebhookUrl: webhook.setUrl,
    verifyWebhook: (verifyToken: string | Redacted.Redacted) => webhook.verify(reveal(verifyToken)),
    customer,
    deliver,
    deliverRaw: (body: string) => Effect.suspend(() => webhook.deliver(webhook.sign(body, []))),
    redeliver: webhook.deliver,
    deliverForged: (...parts: ReadonlyArray<Part>) =>
      Effect.suspend(() => webhook.once(webhook.sign(bodyOf(parts), wamidsOf(parts), forgery))),
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
    attempts: webhook.attempts,
    activity: Stream.fromPubSub(activity),
    awaitIdle: webhook.awaitIdle
  }
})

const thirtyDays = 30 * 86_400_000

const reveal = (secret: string | Redacted.Redacted): string =>
  typeof secret === "string" ? secret : Redacted.value(secret)

/** An address that means every interface is reached by the loopback one. */
const urlOf = (address: NetAddress.SocketAddress): string =>
  NetAddress.isUnixPathAddress(address) || !NetAddress.isUnspecified(address.address)
    ? HttpServer.formatAddress(address)
    : `http://${NetAddress.formatIp(NetAddress.ipv4Loopback)}:${address.port}`
