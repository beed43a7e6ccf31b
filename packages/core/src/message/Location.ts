/** Places. Meta page: "Location messages". */
import * as Schema from "effect/Schema"
import { present } from "../internal/present.ts"
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

/** Schema for a place: latitude and longitude in decimal degrees. */
export const LocationMessage = Schema.Struct({
  type: Schema.Literal("location"),
  location: Schema.Struct({
    latitude: degrees(limits["location.latitude"]),
    longitude: degrees(limits["location.longitude"]),
    name: Schema.optionalKey(Schema.String),
    /** Shown only beside a name. */
    address: Schema.optionalKey(Schema.String)
  }),
  ...quotes
})
export type LocationMessage = typeof LocationMessage.Type

export interface Place {
  /** Decimal degrees, -90 to 90, as a number or a decimal string, and sent as it is given. */
  readonly latitude: number | string
  /** Decimal degrees, -180 to 180, as a number or a decimal string, and sent as it is given. */
  readonly longitude: number | string
  readonly name?: string | undefined
  /** WhatsApp shows it only beside a name. */
  readonly address?: string | undefined
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
export const location = ({ address, latitude, longitude, name }: Place, options?: Options): LocationMessage => ({
  type: "location",
  location: { latitude, longitude, ...present({ name, address }) },
  ...quote(options)
})
