/** The payload of a message as `Content`: the place to touch, beside a schema in `wire`, for a new type of message. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import type { MetaError } from "../../domain/MetaError.ts"
import { first, present } from "../../internal/present.ts"
import type { ContactCard as WireCard } from "../../wire/ContactCard.ts"
import * as Message from "../../wire/InboundMessage.ts"
import * as Interactive from "../../wire/Interactive.ts"
import * as Json from "../../wire/Json.ts"
import * as Wire from "../../wire/Media.ts"
import type { ContactCard, Content, EditedContent, ReceivedMedia } from "../content.ts"
import { at, decode, expected, readable } from "./decoder.ts"

type Read<A> = (payload: Schema.Json) => Result.Result<A, SchemaIssue.Issue>

/** Reads a payload by its schema, and makes content of it. */
const reader = <A>(schema: Schema.Codec<A, unknown>, toContent: (payload: A) => EditedContent): Read<EditedContent> => {
  const read = decode(schema)
  return (payload) => Result.map(read(payload), toContent)
}

/** The payload of each type stands under the key that is equal to it. */
const readers: { readonly [type: string]: Read<EditedContent> } = {
  text: reader(Message.Text, ({ body }) => ({ _tag: "Text", text: body })),
  image: reader(Wire.Media, (it) => ({ _tag: "Image", media: mediaOf(it), ...present({ caption: it.caption }) })),
  video: reader(Wire.Media, (it) => ({ _tag: "Video", media: mediaOf(it), ...present({ caption: it.caption }) })),
  audio: reader(Wire.Media, (it) => ({ _tag: "Audio", media: mediaOf(it), ...present({ voice: it.voice }) })),
  document: reader(Wire.Media, (it) => ({
    _tag: "Document",
    media: mediaOf(it),
    ...present({ fileName: it.filename, caption: it.caption })
  })),
  sticker: reader(Wire.Media, (it) => ({ _tag: "Sticker", media: mediaOf(it), ...present({ animated: it.animated }) })),
  location: reader(Message.Location, ({ address, latitude, longitude, name, url }) => ({
    _tag: "Location",
    latitude,
    longitude,
    ...present({ name, address, url })
  })),
  contacts: reader(Message.Contacts, (cards) => ({
    _tag: "Contacts",
    contacts: cards.map(cardOf),
    ...present({ origin: first(...cards.map(({ origin }) => origin)) })
  })),
  reaction: reader(Message.Reaction, (it) => ({
    _tag: "Reaction",
    reactedTo: it.message_id,
    ...present({ emoji: it.emoji })
  })),
  button: (payload) =>
    Result.flatMap(decodeButton(payload), ({ payload, text }) => {
      const [set, title] = [first(payload, text), first(text, payload)]
      return set === undefined || title === undefined
        ? Result.fail(expected("a payload or a text"))
        : Result.succeed({ _tag: "Button", payload: set, title })
    }),
  interactive: (payload) =>
    Result.flatMap(decodeKind(payload), ({ type }) => {
      const object = Json.isJsonObject(payload) ? payload : {}
      const kind = first(type) ?? Object.keys(interactives).find((key) => Object.hasOwn(object, key))
      const inner = kind === undefined ? undefined : object[kind]
      const read = kind !== undefined && Object.hasOwn(interactives, kind) ? interactives[kind] : undefined
      if (kind === undefined || read === undefined) {
        return Result.succeed({ _tag: "Unknown", type: "interactive", ...present({ subtype: kind }) })
      }
      if (inner === undefined || inner === null) {
        return Result.succeed({ _tag: "Unsupported", type: "interactive", unsupportedType: kind, errors: [] })
      }
      return Result.mapError(read(inner), at(kind))
    }),
  order: reader(Interactive.Order, ({ catalog_id, product_items, text }) => ({
    _tag: "Order",
    ...present({ catalogId: catalog_id, text }),
    items: product_items.map(({ currency, item_price, product_retailer_id, quantity }) => ({
      productRetailerId: product_retailer_id,
      quantity,
      ...present({ price: item_price, currency })
    }))
  })),
  revoke: reader(Message.Revoke, (it) => ({ _tag: "Revoke", originalWamid: it.original_message_id }))
}

const decodeButton = decode(Message.Button)
const decodeKind = decode(Interactive.Kind)
const decodeNfmReply = decode(Interactive.NfmReply)
const decodeAddressForm = decode(Interactive.AddressForm)
const decodeEdit = decode(Message.Edit)
const decodeUnsupported = decode(Message.Unsupported)

const interactives: { readonly [kind: string]: Read<EditedContent> } = {
  button_reply: reader(Interactive.ButtonReply, ({ id, title }) => ({
    _tag: "ReplyButton",
    buttonId: id,
    title: first(title) ?? id
  })),
  list_reply: reader(Interactive.ListReply, ({ description, id, title }) => ({
    _tag: "ListItem",
    itemId: id,
    title: first(title) ?? id,
    ...present({ description })
  })),
  nfm_reply: (payload) =>
    Result.flatMap(decodeNfmReply(payload), ({ body, name, response_json }) =>
      Result.flatMap(responseOf(response_json), (response): Result.Result<EditedContent, SchemaIssue.Issue> =>
        name === "address_message"
          ? Result.map(Result.mapError(decodeAddressForm(response), at("response_json")), (form) => ({
              _tag: "Address",
              values: textsOf(form.values ?? {}),
              ...present({ savedAddressId: form.saved_address_id, body })
            }))
          : Result.succeed({
              _tag: "Flow",
              response,
              ...present({ flowToken: tokenOf(response.flow_token), name, body })
            })
      )
    ),
  call_permission_reply: reader(Interactive.CallPermissionReply, (it) => ({
    _tag: "CallPermission",
    response: it.response,
    ...present({ isPermanent: it.is_permanent, expiresAt: it.expiration_timestamp, source: it.response_source })
  })),
  payment_method: reader(Interactive.PaymentMethod, (it) => ({
    _tag: "PaymentMethod",
    referenceId: it.reference_id,
    credentialId: it.credential_id,
    ...present({
      paymentMethod: it.payment_method,
      lastFourDigits: it.last_four_digits,
      chosenAt: it.payment_timestamp
    })
  }))
}

/** JSON inside a string; nothing in it is a form without entries. */
const responseOf = (json: string | Schema.JsonObject | null | undefined) =>
  typeof json === "string" && json.trim() !== ""
    ? Result.mapError(Json.parseObjectText(json), ({ reason }) =>
        at("response_json")(expected(`a JSON object: ${reason}`))
      )
    : Result.succeed(Json.isJsonObject(json) ? json : {})

const textsOf = (values: Schema.JsonObject): { readonly [key: string]: string } =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === null ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)]]
    )
  )

const tokenOf = (token: Schema.Json | undefined): string | undefined => (typeof token === "string" ? token : undefined)

export const mediaOf = ({ id, mime_type, sha256, url }: Wire.Media): ReceivedMedia => ({
  id,
  ...present({ mimeType: mime_type, sha256, url })
})

const cardOf = (card: WireCard): ContactCard => {
  const { name, org } = card
  return {
    phones: readable(card.phones).map(({ phone, type, wa_id }) => present({ phone, waId: wa_id, type })),
    emails: readable(card.emails).map(present),
    addresses: readable(card.addresses).map(({ country_code, ...rest }) =>
      present({ ...rest, countryCode: country_code })
    ),
    urls: readable(card.urls).map(present),
    ...present({
      name:
        name &&
        present({
          formattedName: name.formatted_name,
          firstName: name.first_name,
          lastName: name.last_name,
          middleName: name.middle_name,
          prefix: name.prefix,
          suffix: name.suffix
        }),
      org: org && present(org),
      birthday: card.birthday,
      vcard: card.vcard,
      origin: card.origin
    })
  }
}

/** Whether a message of this type has a payload that is modelled, here or by who asks. */
const isModelled = (type: string): boolean => type === "edit" || type === "system" || Object.hasOwn(readers, type)

/**
 * What a message of this type says. A type that should have a payload and has none is one that Meta could not deliver;
 * `errors` then tell why.
 */
export const contentOf = (
  fields: Schema.JsonObject,
  type: string | undefined,
  errors: ReadonlyArray<MetaError>
): Result.Result<Content, SchemaIssue.Issue> => {
  if (type !== "edit" || (fields.edit ?? null) === null) return plainOf(fields, type, errors)
  return Result.mapError(
    Result.flatMap(decodeEdit(fields.edit), ({ message, original_message_id }) =>
      Result.map(Result.mapError(plainOf(message, typeOf(message), []), at("message")), (content) => ({
        _tag: "Edit" as const,
        originalWamid: original_message_id,
        content
      }))
    ),
    at("edit")
  )
}

const plainOf = (
  fields: Schema.JsonObject,
  type: string | undefined,
  errors: ReadonlyArray<MetaError>
): Result.Result<EditedContent, SchemaIssue.Issue> => {
  const payload = type === undefined ? undefined : fields[type]
  const read = type !== undefined && Object.hasOwn(readers, type) ? readers[type] : undefined
  const isMissing = type !== undefined && isModelled(type) && (payload ?? null) === null
  if (type === undefined || isMissing || Message.unsupportedTypes.has(type)) {
    const unsupported = Result.getOrElse(decodeUnsupported(fields.unsupported), () => ({ type: undefined }))
    return Result.succeed({
      _tag: "Unsupported",
      type: type ?? "unknown",
      ...present({ unsupportedType: unsupported.type }),
      errors
    })
  }
  if (read === undefined || payload === undefined) return Result.succeed({ _tag: "Unknown", type })
  const content = read(payload)
  if (Result.isFailure(content)) return Result.mapError(content, at(type))
  // A part of the payload is missing: what Meta says about it stands beside it.
  return content.success._tag === "Unsupported" ? Result.succeed({ ...content.success, errors }) : content
}

/** Keys of a message that are no payload. */
const common: ReadonlySet<string> = new Set([
  ...Object.keys(Message.Header.fields),
  "identity",
  "from_logical_id",
  "origin",
  "to",
  "to_user_id",
  "to_parent_user_id",
  "history_context",
  "messaging_product",
  "recipient_type"
])

/** Meta leaves `type` out now and then: the only payload then tells it. */
export const typeOf = (fields: Schema.JsonObject): string | undefined => {
  if (typeof fields.type === "number") return String(fields.type)
  if (typeof fields.type === "string" && fields.type !== "") return fields.type
  const keys = Object.keys(fields).filter((key) => !common.has(key))
  return keys.find(isModelled) ?? (keys.length === 1 ? keys[0] : undefined)
}
