/**
 * Deliveries as Meta sends them, for tests: bytes with non-ASCII text escaped as `\uXXXX`, and the signature over
 * exactly these bytes. What is built from the same arguments is the same delivery, byte for byte.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as Mac from "effect/crypto/Mac"
import * as Hex from "effect/encoding/Hex"

/** The number and account that every built delivery is for, unless `Options` says otherwise. */
export const defaults = {
  businessAccountId: "330011220044556",
  phoneNumberId: "207311904455012",
  displayPhoneNumber: "15557300142",
  from: "16505550177",
  timestamp: 1786500010
} as const

export interface Options {
  readonly businessAccountId?: string | undefined
  readonly phoneNumberId?: string | undefined
}

export interface Sender {
  /** Phone number; `null` for a person who hides it. @default "16505550177" */
  readonly from?: string | null | undefined
  /** Business-scoped user id. @default none */
  readonly userId?: string | undefined
  readonly username?: string | undefined
  readonly name?: string | undefined
  readonly groupId?: string | undefined
  /** Unix seconds. @default 1786500010 */
  readonly timestamp?: number | undefined
}

export interface TextOptions extends Options, Sender {
  /** @default "hello" */
  readonly text?: string | undefined
}

const utf8 = new TextEncoder()
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Any JSON as Meta writes it: `\uXXXX` in lower case for everything that is not ASCII, and `\/`. */
export const encode = (json: Schema.Json): Uint8Array =>
  utf8.encode(
    JSON.stringify(json)
      .replace(/[\u0080-\uffff]/g, escaped)
      .replaceAll("/", "\\/")
  )

/** A delivery with one change of any field. */
export const change = (field: string, value: Schema.Json, options?: Options): Uint8Array =>
  encode({
    object: "whatsapp_business_account",
    entry: [{ id: options?.businessAccountId ?? defaults.businessAccountId, changes: [{ field, value }] }]
  })

/** A delivery of the field `messages`: any lists beside the metadata, as in `{ messages: […], contacts: […] }`. */
export const messages = (lists: { readonly [list: string]: Schema.Json }, options?: Options): Uint8Array =>
  change(
    "messages",
    {
      messaging_product: "whatsapp",
      metadata: {
        display_phone_number: defaults.displayPhoneNumber,
        phone_number_id: options?.phoneNumberId ?? defaults.phoneNumberId
      },
      ...lists
    },
    options
  )

/** The item of a text message, for batches. */
export const textItem = (wamid: string, options?: TextOptions): Schema.JsonObject => ({
  ...(options?.from === null ? {} : { from: options?.from ?? defaults.from }),
  ...(options?.userId === undefined ? {} : { from_user_id: options.userId }),
  ...(options?.groupId === undefined ? {} : { group_id: options.groupId }),
  id: wamid,
  timestamp: String(options?.timestamp ?? defaults.timestamp),
  type: "text",
  text: { body: options?.text ?? "hello" }
})

/** The contact that comes with a message. */
export const contact = (options?: Sender): Schema.JsonObject => ({
  profile: {
    name: options?.name ?? "Ida Voss",
    ...(options?.username === undefined ? {} : { username: options.username })
  },
  ...(options?.from === null ? {} : { wa_id: options?.from ?? defaults.from }),
  ...(options?.userId === undefined ? {} : { user_id: options.userId })
})

/** A delivery of one text message. */
export const text = (wamid: string, options?: TextOptions): Uint8Array =>
  messages({ contacts: [contact(options)], messages: [textItem(wamid, options)] }, options)

export interface StatusOptions extends Options {
  /** @default "16505550177" */
  readonly recipient?: string | undefined
  readonly callbackData?: string | undefined
  readonly errors?: ReadonlyArray<Schema.JsonObject> | undefined
  /** Unix seconds. @default 1786500010 */
  readonly timestamp?: number | undefined
}

/** The item of a status, for batches. */
export const statusItem = (wamid: string, status: string, options?: StatusOptions): Schema.JsonObject => ({
  id: wamid,
  status,
  timestamp: String(options?.timestamp ?? defaults.timestamp),
  recipient_id: options?.recipient ?? defaults.from,
  ...(options?.callbackData === undefined ? {} : { biz_opaque_callback_data: options.callbackData }),
  ...(options?.errors === undefined ? {} : { errors: options.errors })
})

/** A delivery of one status, as in `Delivery.status("wamid.1", "delivered")`. */
export const status = (wamid: string, value: string, options?: StatusOptions): Uint8Array =>
  messages({ statuses: [statusItem(wamid, value, options)] }, options)

/** The value of `X-Hub-Signature-256` over these bytes. */
export const signature = (
  body: Uint8Array,
  appSecret: Redacted.Redacted | string
): Effect.Effect<string, CryptoError.CryptoError, Mac.Mac> =>
  Effect.gen(function* () {
    const mac = yield* Mac.Mac
    const secret = Redacted.isRedacted(appSecret) ? Redacted.value(appSecret) : appSecret
    const key = yield* Mac.key(Mac.hmacSha256, utf8.encode(secret))
    return `sha256=${Hex.encode(yield* mac.sign(key, body))}`
  })
