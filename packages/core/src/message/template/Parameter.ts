/** The values of header and body, by `type`, which Meta reads in either case. Meta page: "Template messages". */
import * as Schema from "effect/Schema"
import { CurrencyCode } from "../internal/currencyCode.ts"
import { picture } from "../internal/emoji.ts"
import { count, limits, text as within } from "../limits.ts"
import { Coordinates, type Place, placed } from "../Location.ts"
import { DocumentMedia, Media } from "../Media.ts"
import { either, modelled } from "./internal/words.ts"

/** Given by all parameters of a template with named variables, by none of one with `{{1}}`, `{{2}}`, … */
const named = {
  parameter_name: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[a-z0-9_]+$/, { expected: "lower-case letters, digits and underscores" }))
  )
}

/** Meta refuses what would break the line of an approved text. */
export const isOneLine = Schema.makeFilter<string>(
  (value) =>
    /[\n\r\t]/.test(value)
      ? "Expected a text without line breaks and tabs, which Meta refuses in the values of a template"
      : / {5}/.test(value)
        ? "Expected a text with at most four spaces in a row, as Meta refuses more in the values of a template"
        : undefined,
  { expected: "a text without line breaks, tabs and more than four spaces in a row", toJsonSchema: () => [{}, true] }
)

/** What a text parameter may hold. */
export const Value = Schema.NonEmptyString.check(isOneLine)

/** What Meta takes as the code of a one-time password. */
export const OneTimeCode = within(limits["template.oneTimePassword"]).check(
  isOneLine,
  Schema.makeFilter<string>((code) => code.trim() !== "", { expected: "a code that is not blank" }),
  Schema.makeFilter<string>((code) => !/:\/\/|\bwww\.|\.[a-z]{2,}\//i.test(code), { expected: "a code without a URL" }),
  Schema.makeFilter<string>((code) => !picture.test(code), { expected: "a code without emoji" })
)

/** What the text parameter of a header may hold. */
export const HeaderValue = within(limits["template.header.text"]).check(isOneLine)

/** Schema for a text. Meta refuses line breaks, tabs and more than four spaces in a row. */
export const Text = Schema.Struct({ type: either("text"), ...named, text: Value })
export type Text = typeof Text.Type

/** Schema for an amount of money; WhatsApp shows `fallback_value`. */
export const Currency = Schema.Struct({
  type: either("currency"),
  ...named,
  currency: Schema.Struct({
    /** What is shown, as in `€19.90`. */
    fallback_value: Schema.NonEmptyString,
    /** ISO 4217, as in `EUR`. */
    code: CurrencyCode,
    /** The amount times 1000: 19.90 is 19900. */
    amount_1000: Schema.Int
  })
})
export type Currency = typeof Currency.Type

const Part = Schema.optionalKey(Schema.Union([Schema.Finite, Schema.String]))

/** Schema for a point in time; WhatsApp shows `fallback_value` as it is, and ignores what older samples say beside. */
export const DateTime = Schema.Struct({
  type: either("date_time"),
  ...named,
  date_time: Schema.Struct({
    fallback_value: Schema.NonEmptyString,
    calendar: Part,
    timestamp: Part,
    year: Part,
    month: Part,
    day_of_month: Part,
    day_of_week: Part,
    hour: Part,
    minute: Part
  })
})
export type DateTime = typeof DateTime.Type

/** Schema for a group, as the library template of an invitation has one in its body: it is shown as the invite link. */
export const GroupInvite = Schema.Struct({ type: either("group_id"), ...named, group_id: Schema.NonEmptyString })
export type GroupInvite = typeof GroupInvite.Type

/** Schema for an image in the header. */
export const Image = Schema.Struct({ type: either("image"), ...named, image: Media })
export type Image = typeof Image.Type

/** Schema for a video in the header. */
export const Video = Schema.Struct({ type: either("video"), ...named, video: Media })
export type Video = typeof Video.Type

/** Schema for an animation in the header: an MP4 of at most 3.5 MB, through the Marketing Messages API alone. */
export const Gif = Schema.Struct({ type: either("gif"), ...named, gif: Media })
export type Gif = typeof Gif.Type

/** Schema for a document in the header; the extension of `filename` decides the icon. */
export const Document = Schema.Struct({ type: either("document"), ...named, document: DocumentMedia })
export type Document = typeof Document.Type

/** Schema for a place in the header, of utility and marketing templates alone. */
export const Location = Schema.Struct({ type: either("location"), ...named, location: Coordinates })
export type Location = typeof Location.Type

/** Schema for a product in the header: of single-product templates, and of cards. */
export const Product = Schema.Struct({
  type: either("product"),
  ...named,
  product: Schema.Struct({ product_retailer_id: Schema.NonEmptyString, catalog_id: Schema.NonEmptyString })
})
export type Product = typeof Product.Type

/** Schema for the one variable of the header: a text of at most 60 characters, media, a place or a product. */
export const HeaderParameter = Schema.Union([
  Schema.Struct({ type: either("text"), ...named, text: HeaderValue }),
  Image,
  Video,
  Gif,
  Document,
  Location,
  Product
]).annotate(
  modelled("a type of header parameter", ["text", "image", "video", "gif", "document", "location", "product"])
)
export type HeaderParameter = typeof HeaderParameter.Type

/** Schema for a variable of the body. */
export const BodyParameter = Schema.Union([Text, Currency, DateTime, GroupInvite]).annotate(
  modelled("a type of body parameter", ["text", "currency", "date_time", "group_id"])
)
export type BodyParameter = typeof BodyParameter.Type

/** How many characters a variable of the body has, as far as one can know. */
export const lengthOf = (parameter: BodyParameter): number => {
  if ("text" in parameter) return count(parameter.text)
  if ("currency" in parameter) return count(parameter.currency.fallback_value)
  return "date_time" in parameter ? count(parameter.date_time.fallback_value) : 0
}

interface Named {
  /** For templates with named variables. */
  readonly name?: string | undefined
}

const nameOf = ({ name }: Named = {}) => (name === undefined ? {} : { parameter_name: name })

/** A text parameter; in lists a plain string does the same. */
export const text = (text: string, options?: Named): Text => ({ type: "text", ...nameOf(options), text })

/** An amount of money: `currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" })`. WhatsApp shows `fallback`. */
export const currency = (
  value: { readonly code: string; readonly amount1000: number; readonly fallback: string },
  options?: Named
): Currency => ({
  type: "currency",
  ...nameOf(options),
  currency: { fallback_value: value.fallback, code: value.code, amount_1000: value.amount1000 }
})

/** A point in time, shown as it is written: `dateTime("3 March 2027")`. */
export const dateTime = (fallback: string, options?: Named): DateTime => ({
  type: "date_time",
  ...nameOf(options),
  date_time: { fallback_value: fallback }
})

/** The group that a library template invites to; the person sees its invite link. */
export const groupInvite = (groupId: string, options?: Named): GroupInvite => ({
  type: "group_id",
  ...nameOf(options),
  group_id: groupId
})

/** An image for the header, by `{ id }` or `{ link }`. */
export const image = (media: Media, options?: Named): Image => ({ type: "image", ...nameOf(options), image: media })

/** A video for the header, by `{ id }` or `{ link }`. */
export const video = (media: Media, options?: Named): Video => ({ type: "video", ...nameOf(options), video: media })

/** An animation for the header, by `{ id }` or `{ link }`: only through the Marketing Messages API. */
export const gif = (media: Media, options?: Named): Gif => ({ type: "gif", ...nameOf(options), gif: media })

/** A document for the header, by `{ id }` or `{ link }`; without `filename` WhatsApp shows a general name. */
export const document = (media: Media, options?: Named & { readonly filename?: string | undefined }): Document => ({
  type: "document",
  ...nameOf(options),
  document: { ...media, ...(options?.filename === undefined ? {} : { filename: options.filename }) }
})

/** A place for the header: `location({ latitude: 52.51, longitude: 13.37, name: "Depot", address: "Weg 1" })`. */
export const location = (place: Place, options?: Named): Location => ({
  type: "location",
  ...nameOf(options),
  location: placed(place)
})

/** Schema for what `product` takes. */
export const ProductOptions = Schema.Struct({
  /** Id of the catalog. */
  catalogId: Schema.NonEmptyString,
  /** Your own id of the product, its SKU. */
  retailerId: Schema.NonEmptyString
})
export type ProductOptions = typeof ProductOptions.Type

/** A product for the header: `product({ catalogId: "551", retailerId: "SKU-2" })`. */
export const product = ({ catalogId, retailerId }: ProductOptions, options?: Named): Product => ({
  type: "product",
  ...nameOf(options),
  product: { product_retailer_id: retailerId, catalog_id: catalogId }
})
