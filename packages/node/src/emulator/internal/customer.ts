/** A person at their phone, as a value: makes messages in Meta's words and sends them one by one. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Semaphore from "effect/Semaphore"
import type { Delivery, MessagePart } from "../Delivery.ts"
import type { Customer, File, WriteOptions } from "../Person.ts"
import * as Envelope from "./envelope.ts"
import * as ids from "./ids.ts"
import * as MediaApi from "./mediaApi.ts"
import * as MediaStore from "./mediaStore.ts"
import type { Entry } from "./people.ts"

export interface Post {
  /** The business number that is written to, unless it is said. */
  readonly defaultNumber: string
  readonly url: string
  readonly business: Envelope.Business
  readonly media: MediaStore.MediaStore
  readonly millis: () => number
  readonly deliver: (part: MessagePart) => Effect.Effect<Delivery>
}

export const make = (post: Post, entry: Entry): Customer => {
  const toPart = (raw: Envelope.Fields, write?: WriteOptions): MessagePart => {
    const id = typeof raw.id === "string" ? raw.id : ids.wamid()
    const phoneNumberId = write?.to ?? post.defaultNumber
    const context =
      write?.replyTo === undefined
        ? undefined
        : { from: post.business.displayPhoneNumber(phoneNumberId), id: write.replyTo }
    const header = { ...Envelope.sender(entry.person), id, timestamp: String(Math.floor(post.millis() / 1000)) }
    const message = { ...Envelope.compact({ context }), ...header, ...raw }
    return { phoneNumberId, wamid: id, person: entry.person, message }
  }
  const message: Customer["message"] = (raw, write) => Effect.sync(() => toPart(raw, write))
  const text: Customer["text"] = (body, write) => message({ text: { body }, type: "text" }, write)
  const media: Customer["media"] = (file, write) => Effect.sync(() => toPart(inMessage(post, file, write), write))
  const send = (part: Effect.Effect<MessagePart>) =>
    Semaphore.withPermit(
      entry.writing,
      Effect.flatMap(part, (one) => Effect.map(post.deliver(one), (delivery) => ({ ...delivery, wamid: one.wamid })))
    )
  return {
    get person() {
      return entry.person
    },
    message,
    text,
    media,
    send: (raw, write) => send(message(raw, write)),
    sendMedia: (file, write) => send(media(file, write)),
    sendText: (body, write) => send(text(body, write)),
    received: Effect.sync(() => entry.received.slice()),
    next: Queue.take(entry.next),
    seen: Effect.sync(() => Array.from(entry.seen.keys()))
  }
}

/** Keeps the file, and says in the message where it is. */
const inMessage = (post: Post, file: File, write: WriteOptions | undefined): Envelope.Fields => {
  const content = MediaStore.incoming()
  content.add(file.bytes)
  const of = { phoneNumberId: write?.to ?? post.defaultNumber, mimeType: file.mimeType }
  const kept = post.media.add(content, of, MediaApi.receivedFor)
  return {
    type: file.type,
    [file.type]: Envelope.compact({
      id: kept.id,
      mime_type: kept.mimeType,
      // Base64 here, hex where the business asks for the URL.
      sha256: kept.sha256.toString("base64"),
      url: MediaApi.urlOf(post, kept),
      caption: file.caption,
      filename: file.filename,
      voice: file.type === "audio" ? (file.voice ?? false) : undefined,
      animated: file.type === "sticker" ? (file.animated ?? false) : undefined
    })
  }
}
