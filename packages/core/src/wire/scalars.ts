/**
 * The scalars of Meta's JSON, read as leniently as Meta writes them: a number may come as a string and a string as a
 * number, an absent value as `null` or `""`.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { WaId } from "../domain/Ids.ts"
import { spelled } from "../domain/PhoneNumber.ts"
import { areDigits } from "../internal/areDigits.ts"
import { quickOf, slow, usually } from "./internal/quick.ts"

const StringOrNumber = Schema.Union([Schema.String, Schema.Finite])

/** Schema for an id, read from a string or a number. */
export const id = <S extends Schema.Codec<string, string>>(branded: S) =>
  usually(
    StringOrNumber.pipe(
      Schema.decodeTo(branded, { decode: SchemaGetter.transform(String), encode: SchemaGetter.transform(String) })
    ),
    (value) => (typeof value === "string" ? value : slow)
  )

/** Schema for the id of an item. An empty one is refused: all items that had it would look like one. */
export const ownId = <S extends Schema.Codec<string, string>>(branded: S) =>
  usually(
    StringOrNumber.check(Schema.makeFilter((raw) => raw !== "", { expected: "an id" })).pipe(
      Schema.decodeTo(branded, { decode: SchemaGetter.transform(String), encode: SchemaGetter.transform(String) })
    ),
    (value) => (typeof value === "string" && value !== "" ? value : slow)
  )

/** Schema for a phone number, read from a string or a number, with or without a plus in front. */
export const Phone = usually(
  StringOrNumber.pipe(
    Schema.decodeTo(WaId, {
      decode: SchemaGetter.transform((raw) => spelled(String(raw))),
      encode: SchemaGetter.transform(String)
    })
  ),
  (value) => (typeof value === "string" && !value.startsWith("+") ? value : slow)
)

/** Schema for a key that Meta may leave out, also by `null`. */
export const optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/**
 * Schema for a key that no one depends on: a value that cannot be read is absent, `null` too, because one odd ornament
 * must not cost the item it stands on. What came stays in `raw`.
 */
export const lenient = <S extends Schema.Constraint>(schema: S) =>
  usually(Schema.optionalKey(schema).pipe(Schema.catchDecoding(() => Effect.succeedNone)), quickOf(schema.ast))

/** Schema for a list whose elements stand alone: one that cannot be read is `null`. */
export const lenientArray = <S extends Schema.Constraint>(schema: S) =>
  Schema.Array(
    usually(Schema.NullOr(schema).pipe(Schema.catchDecoding(() => Effect.succeedSome(null))), quickOf(schema.ast))
  )

/** Schema for a text, read from a string or a number. */
export const Text = id(Schema.String)

/** Schema for the username of a person, which early payloads write with an `@` in front. */
export const Username = usually(
  StringOrNumber.pipe(
    Schema.decodeTo(Schema.String, {
      decode: SchemaGetter.transform((raw) => String(raw).replace(/^@/, "")),
      encode: SchemaGetter.transform(String)
    })
  ),
  (value) => (typeof value === "string" && !value.startsWith("@") ? value : slow)
)

const invalid = (expected: string) => new SchemaIssue.InvalidValue({ expected })

/** Schema for a number, read from a number or a string of one. */
export const Number = usually(
  StringOrNumber.pipe(
    Schema.decodeTo(Schema.Finite, {
      decode: SchemaGetter.transformEffect((raw) => {
        const value = typeof raw === "string" && raw.trim() !== "" ? globalThis.Number(raw) : raw
        return typeof value === "number" && globalThis.Number.isFinite(value)
          ? Effect.succeed(value)
          : Effect.fail(invalid("a number"))
      }),
      encode: SchemaGetter.passthroughSupertype()
    })
  ),
  (value) => (globalThis.Number.isFinite(value) ? value : slow)
)

/** Schema for a yes or no, read from a boolean or a string of one. */
export const YesNo = usually(
  Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"])]).pipe(
    Schema.decodeTo(Schema.Boolean, {
      decode: SchemaGetter.transform((raw) => raw === true || raw === "true"),
      encode: SchemaGetter.passthroughSupertype()
    })
  ),
  (value) => (typeof value === "boolean" ? value : slow)
)

/** From so many seconds on, which is the year 5138, a number counts milliseconds. */
const firstMillis = 1e11

/** Items that come together are mostly of one second. */
let latest = { text: "0", instant: DateTime.fromEpochSeconds(0) }

/**
 * Schema for an instant, read from Unix seconds as a string or a number. One of more than 11 digits is taken as
 * milliseconds; what is beyond all calendars is refused.
 */
export const UnixSeconds = usually(
  StringOrNumber.pipe(
    Schema.decodeTo(Schema.DateTimeUtc, {
      decode: SchemaGetter.transformEffect((raw) => {
        const seconds = typeof raw === "string" && raw.trim() === "" ? NaN : globalThis.Number(raw)
        const millis = Math.abs(seconds) < firstMillis ? seconds * 1000 : seconds
        return Option.match(DateTime.make(millis), {
          onNone: () => Effect.fail(invalid("Unix seconds")),
          onSome: (instant) => Effect.succeed(DateTime.toUtc(instant))
        })
      }),
      encode: SchemaGetter.transform((instant) => String(Math.floor(DateTime.toEpochMillis(instant) / 1000)))
    })
  ),
  (value) => {
    if (value === latest.text) return latest.instant
    if (typeof value !== "string" || value.length > 11 || value === "" || !areDigits(value)) return slow
    latest = { text: value, instant: DateTime.fromEpochSeconds(globalThis.Number(value)) }
    return latest.instant
  }
)
