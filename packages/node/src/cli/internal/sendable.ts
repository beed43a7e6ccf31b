/** What `send` was told to send: a text, a file, a body in Meta's words, or a read receipt, which Meta takes there too. */
import type { WhatsAppClient } from "@effect-whatsapp/core/client"
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import { Message, Recipient } from "@effect-whatsapp/core/message"
import { ReadReceipt, SendMessage } from "@effect-whatsapp/core/wire"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type * as Stdio from "effect/Stdio"
import { fromFile, type Kind } from "./fileMessage.ts"
import { firstProblem } from "../../internal/problems.ts"
import { type Failure, Usage } from "./outcome.ts"

export interface Input {
  /** A text, or the caption of a file. */
  readonly text: string | undefined
  readonly json: string | undefined
  /** Whether the JSON is sent as it is. */
  readonly raw: boolean
  readonly file: string | undefined
  readonly kind: Kind | undefined
  /** MIME type of the file. */
  readonly type: string | undefined
}

/** A message with what is asked of its send, or a receipt. */
export type Sendable =
  | {
      readonly _tag: "Message"
      readonly message: Message | Message.Raw
      readonly options: WhatsAppClient.SendOptions
    }
  | { readonly _tag: "Receipt"; readonly receipt: ReadReceipt.ReadReceipt }

const message = (message: Message | Message.Raw, options: WhatsAppClient.SendOptions = {}): Sendable => ({
  _tag: "Message",
  message,
  options
})

const parseJson = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(Schema.JsonObject))
const decodeBody = SchemaParser.decodeEffect(SendMessage.MessageBody)
const decodeReceipt = SchemaParser.decodeUnknownEffect(ReadReceipt.ReadReceipt, { onExcessProperty: "error" })

const unsendable = (issue: Parameters<typeof firstProblem>[0]) =>
  new Usage({ message: `The message is not one that can be sent: ${firstProblem(issue)}` })

const elsewhere = () => new Usage({ message: "The message has a `to` of its own, and it is not TO" })
const parseRecipient = SchemaParser.decodeUnknownEffect(Recipient.Recipient)

const isSame = (one: Recipient, other: Recipient) => Recipient.format(one) === Recipient.format(other)

/** Refuses what names somebody else, where the schema of bodies does not read it. */
const checkNamed = (to: Recipient, { recipient, to: named }: Schema.JsonObject) =>
  Effect.forEach(
    [named, recipient].filter((one) => one !== undefined),
    (one) => Effect.filterOrFail(parseRecipient(one), (it) => isSame(it, to)),
    { discard: true }
  ).pipe(Effect.mapError(elsewhere))

const isOfReceipt = ([key]: readonly [string, Schema.Json]) => key !== "to" && key !== "recipient_type"

const receipt = (json: Schema.JsonObject) =>
  decodeReceipt({ messaging_product: "whatsapp", ...Object.fromEntries(Object.entries(json).filter(isOfReceipt)) })

/** A body as Meta documents it. What our schema does not know is refused here and not at Meta. */
const fromJson = Effect.fnUntraced(function* (
  to: Recipient,
  text: string,
  raw: boolean
): Effect.fn.Return<Sendable, Usage> {
  const json = yield* Effect.mapError(parseJson(text), () => new Usage({ message: "The message is not a JSON object" }))
  if (raw || "status" in json) yield* checkNamed(to, json)
  if (raw) return message(Message.raw(json))
  if ("status" in json) return { _tag: "Receipt", receipt: yield* Effect.mapError(receipt(json), unsendable) }
  const { to: named, message: content, ...options } = yield* Effect.mapError(decodeBody(json), unsendable)
  return named === undefined || isSame(named, to) ? message(content, options) : yield* elsewhere()
})

/** Uploads the file, when there is one. */
export const sendable = Effect.fnUntraced(function* (
  to: Recipient,
  { file, json, kind, raw, text, type }: Input
): Effect.fn.Return<
  Sendable,
  Usage | Failure | WhatsAppError,
  WhatsAppClient.WhatsAppClient | FileSystem.FileSystem | Stdio.Stdio
> {
  if (file !== undefined) return message(yield* fromFile({ source: file, kind, type, caption: text }))
  return json === undefined ? message(Message.text(text ?? "")) : yield* fromJson(to, json, raw)
})
