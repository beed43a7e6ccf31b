/** How each kind of value that a described template takes is read, when nothing is known of it. */
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { strict } from "../../internal/strict.ts"
import { limits, text as within } from "../../limits.ts"
import { Place } from "../../Location.ts"
import { DocumentMedia, Media } from "../../Media.ts"
import * as Button from "../Button.ts"
import type { ButtonDescription } from "../Description.ts"
import { type Instant, limitedTimeOffer } from "../Offer.ts"
import { OrderDetails, orderStatus, OrderStatusOptions } from "../Order.ts"
import * as Parameter from "../Parameter.ts"
import * as ShopButton from "../ShopButton.ts"

/** Reads one value: what it becomes, or the trouble with it. */
export type Reader<A> = (value: unknown) => Result.Result<A, SchemaIssue.Issue>

const reader = <A, B>(schema: Schema.ConstraintDecoder<A>, make: (value: A) => B): Reader<B> => {
  const decode = SchemaParser.decodeUnknownResult(schema, strict)
  return (value) => Result.map(decode(value), make)
}

const readText = reader(Parameter.Value, (text) => Parameter.text(text))
const readParameter = reader(Parameter.BodyParameter, (parameter) => parameter)
export const readBody: Reader<Parameter.BodyParameter> = (value) =>
  Predicate.isObject(value) ? readParameter(value) : readText(value)
export const readHeaderText: Reader<Parameter.HeaderParameter> = reader(Parameter.HeaderValue, (text) =>
  Parameter.text(text)
)

export const headers: {
  readonly [K in "image" | "video" | "gif" | "document" | "location" | "product"]: Reader<Parameter.HeaderParameter>
} = {
  image: reader(Media, (media) => Parameter.image(media)),
  video: reader(Media, (media) => Parameter.video(media)),
  gif: reader(Media, (media) => Parameter.gif(media)),
  document: reader(DocumentMedia, (document) => ({ type: "document", document })),
  location: reader(Place, (place) => Parameter.location(place)),
  product: reader(Parameter.ProductOptions, (product) => Parameter.product(product))
}

const button = <A>(schema: Schema.ConstraintDecoder<A>, make: (index: number, value: A) => Button.Button) => {
  const read = reader(schema, (value) => value)
  return (index: number): Reader<Button.Button> =>
    (value) =>
      Result.map(read(value), (value) => make(index, value))
}

export const buttons: {
  readonly [K in Exclude<ButtonDescription["type"], Static>]: (index: number) => Reader<Button.Button>
} = {
  quick_reply: button(within(limits["template.button.payload"]), Button.quickReply),
  url: button(Button.Suffix, Button.url),
  copy_code: button(Button.Code, Button.copyCode),
  flow: button(Button.FlowOptions, Button.flow),
  catalog: button(ShopButton.CatalogOptions, ShopButton.catalog),
  mpm: button(ShopButton.MultiProductOptions, ShopButton.multiProduct),
  order_details: button(OrderDetails, ShopButton.orderDetails),
  voice_call: button(Button.VoiceCallOptions, Button.voiceCall)
}

type Static = "otp" | "spm" | "app" | "request_contact_info" | "phone_number"

export const readCode = reader(Parameter.OneTimeCode, (code) => code)
export const readOrder = reader(OrderStatusOptions, orderStatus)
const isInstant = (value: unknown): value is Instant =>
  typeof value === "number" || value instanceof Date || DateTime.isDateTime(value)
export const readInstant = reader(
  Schema.declare(isInstant, { expected: "an instant: a DateTime, a Date or Unix time in milliseconds" }),
  limitedTimeOffer
)
