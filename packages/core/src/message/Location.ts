/** Places. Meta page: "Location messages". */
import * as Schema from "effect/Schema"
import { present } from "../internal/present.ts"
import { isRecord } from "./internal/untyped.ts"
import { describe, type Limit, limits } from "./limits.ts"
import { type Options, quote, quotes } from "./Quote.ts"

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)$/

/**
 * Degrees as a number or as a decimal string: Meta's samples write both, and what was given is what is sent. The error
 * does not tell what was found, which may be where somebody lives.
 */
const degrees = (limit: Limit) => {
  const expected = `${describe(limit)}, as a number or a decimal string`
  const isWithin = (value: number) => value >= limit.min && value <= limit.max
  return Schema.Union([
    Schema.Finite.check(Schema.isBetween({ minimum: limit.min, maximum: limit.max }, { expected })),
    Schema.String.check(
      Schema.makeFilter((value: string) => decimal.test(value) && isWithin(Number(value)), {
        expected,
        arbitraryConstraint: { patterns: [{ source: "^-?[1-8]?[0-9](\\.[0-9]{1,6})?$", flags: "" }] }
      })
    )
  ]).annotate({ message: `Expected ${expected}` })
}

/** Schema for a place as it is sent, in a message and in the header of a template. */
export const Coordinates = Schema.Struct({
  latitude: degrees(limits["location.latitude"]),
  longitude: degrees(limits["location.longitude"]),
  name: Schema.optionalKey(Schema.String),
  /** Shown only beside a name. */
  address: Schema.optionalKey(Schema.String)
})

/** Schema for a place: latitude and longitude in decimal degrees. */
export const LocationMessage = Schema.Struct({
  type: Schema.Literal("location"),
  location: Coordinates,
  ...quotes
})
export type LocationMessage = typeof LocationMessage.Type

/** Schema for a place as one writes it. */
export const Place = Schema.Struct({
  /** Decimal degrees, -90 to 90, as a number or a decimal string, and sent as it is given. */
  latitude: Coordinates.fields.latitude,
  /** Decimal degrees, -180 to 180, as a number or a decimal string, and sent as it is given. */
  longitude: Coordinates.fields.longitude,
  name: Schema.optional(Schema.String),
  /** WhatsApp shows it only beside a name. */
  address: Schema.optional(Schema.String)
})
export type Place = typeof Place.Type

/** The place without what is not said of it; what is no place stays, and is refused as such. */
export const placed = (place: Place): typeof Coordinates.Type => {
  if (!isRecord(place)) return place
  const { address, latitude, longitude, name } = place
  return { latitude, longitude, ...present({ name, address }) }
}

/**
 * A place on the map.
 *
 * **Example** (A place with a name)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const gate = Message.location({
 *   latitude: 52.5163,
 *   longitude: 13.3777,
 *   name: "Brandenburg Gate",
 *   address: "Pariser Platz, Berlin"
 * })
 * ```
 */
export const location = (place: Place, options?: Options): LocationMessage => ({
  type: "location",
  location: placed(place),
  ...quote(options)
})
