/** The chats that the business had before it connected its number, as events. */
import * as Result from "effect/Result"
import * as ConversationId from "../../domain/ConversationId.ts"
import { normalForm } from "../../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/History.ts"
import type { Header } from "../../wire/InboundMessage.ts"
import type { HistoryChunk, HistoryStatus } from "../coexistence.ts"
import { itemKey } from "../itemKeys.ts"
import { personOf } from "./contacts.ts"
import { contentOf } from "./content.ts"
import {
  accountOf,
  decode,
  type Decoder,
  fieldLane,
  numberOf,
  once,
  readable,
  type Surroundings,
  unknownField
} from "./decoder.ts"
import { decodeRecipient, recipientOf } from "./echo.ts"
import { contextOf, namedIn, readMessage } from "./message.ts"
import { businessPhoneOf, namedBy, phoneOf } from "./named.ts"

const decodeChunk = decode(Wire.Chunk)
const decodeThread = decode(Wire.Thread)
const decodePast = decode(Wire.Past)
const decodeChunks = decode(Wire.History)

const statuses: ReadonlyMap<string, HistoryStatus> = new Map([
  ["pending", "Pending"],
  ["sent", "Sent"],
  ["delivered", "Delivered"],
  ["read", "Read"],
  ["played", "Played"],
  ["error", "Failed"],
  ["failed", "Failed"]
])

const decoder =
  (kind: "message" | "history media"): Decoder =>
  (json, around) =>
    Result.gen(function* () {
      const { errors, fields, header, type } = yield* readMessage(json, around)
      const recipient = recipientOf(yield* decodeRecipient(json))
      const status = first((yield* decodePast(json)).history_context?.status)
      const phoneNumberId = yield* numberOf(around, "message")
      const [chunk, thread] = around.within
      const customer = thread === undefined ? {} : customerOf(thread)
      const fromBusiness = isFromBusiness(header, recipient, customer, around)
      const otherSide = fromBusiness ? recipient : namedIn(header)
      const named = { ...otherSide, ...customer }
      const user = { ...present({ username: named.username }), ...personOf(named, around.contacts) }
      return {
        event: {
          _tag: "HistoryMessageReceived" as const,
          wamid: header.id,
          phoneNumberId,
          conversationId: ConversationId.of(phoneNumberId, user, undefined, header.id),
          user,
          fromBusiness,
          timestamp: header.timestamp,
          ...(chunk === undefined ? {} : chunkAround(chunk)),
          content: yield* contentOf(fields, type, errors),
          raw: around.raw,
          ...present({
            businessAccountId: around.businessAccountId,
            status: status === undefined ? undefined : (statuses.get(status.toLowerCase()) ?? "Unknown"),
            context: contextOf(header.context)
          })
        },
        key: itemKey(kind, header.id),
        person: { user, otherwise: header.id }
      }
    })

/** A message of a thread. */
export const decodeHistoryMessage = decoder("message")

/** A file that was a placeholder before, under the same id. */
export const decodeHistoryMedia = decoder("history media")

/** Pieces of the history that hold no message. */
export const decodeHistory: Decoder = (json, around) =>
  Array.isArray(around.value.history)
    ? Result.map(decodeChunks(json), ({ history }) => ({
        event: {
          _tag: "HistoryProgressed" as const,
          ...accountOf(around),
          chunks: readable(history).map(chunkOf)
        },
        lane: fieldLane(around)
      }))
    : Result.succeed(unknownField(around))

const chunkOf = ({ metadata }: Wire.Chunk): HistoryChunk =>
  present({ phase: metadata?.phase, chunkOrder: metadata?.chunk_order, progress: metadata?.progress })

const chunkAround = once((chunk) => chunkOf(Result.getOrElse(decodeChunk(chunk), () => ({}))))

/** The customer of a thread; there are no groups in a history. */
const customerOf = once((thread): WhatsAppUser => {
  const { context, id } = Result.getOrElse(decodeThread(thread), (): Wire.Thread => ({}))
  const named = namedBy(id)
  return present({
    waId: phoneOf(context?.wa_id, named.waId),
    userId: first(context?.user_id, named.userId),
    parentUserId: first(context?.parent_user_id, named.parentUserId),
    username: context?.username
  })
})

/** Nothing says it outright, and Meta leaves out each of the signs now and then. */
const isFromBusiness = (header: Header, to: WhatsAppUser, customer: WhatsAppUser, around: Surroundings): boolean => {
  if (around.list === "message_echoes") return true
  const ours = businessPhoneOf(around.value)
  const is = (phone: string | null | undefined, other: string | undefined) =>
    first(phone) !== undefined && other !== undefined && normalForm(phone ?? "") === normalForm(other)
  if (is(header.from, ours)) return true
  if (first(header.from_user_id) !== undefined || is(header.from, customer.waId) || is(to.waId, ours)) return false
  return to.waId !== undefined || to.userId !== undefined
}
