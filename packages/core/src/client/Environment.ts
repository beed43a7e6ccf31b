/**
 * Variables of the environment, read so that one line names everything that is missing or wrong. A start that names one
 * missing variable at a time is a start tried five times. Values are never shown: half of them are secrets.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"

/** One variable: its name, and how a text becomes a value. */
export interface Variable<out A> {
  readonly name: string
  readonly parse: (value: string) => Result.Result<A, SchemaIssue.Issue>
  /** What holds when the variable is missing or blank; `None` makes it a must. */
  readonly otherwise: Option.Option<A>
}

/** A variable that must be there. */
export const required = <A>(name: string, schema: Schema.Codec<A, string>): Variable<A> => ({
  name,
  parse: SchemaParser.decodeUnknownResult(schema),
  otherwise: Option.none()
})

/** A variable with a value for when it is missing or blank. */
export const optional = <A>(name: string, schema: Schema.Codec<A, string>, otherwise: A): Variable<A> => ({
  name,
  parse: SchemaParser.decodeUnknownResult(schema),
  otherwise: Option.some(otherwise)
})

type Variables = { readonly [key: string]: Variable<unknown> }
type Values<V extends Variables> = { readonly [K in keyof V]: V[K] extends Variable<infer A> ? A : never }

const format = SchemaIssue.makeFormatterStandardSchemaV1()
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
const inWords = (issue: SchemaIssue.Issue) =>
  format(issue).issues.map(({ message }) => lower(message)).join(", ").replace(/\s*\n\s*/g, ", ")

/** A `ConfigError` that is one line of our own. */
export const configError = (message: string): Config.ConfigError =>
  new Config.ConfigError(new Schema.SchemaError(new SchemaIssue.InvalidValue({ message })))

/**
 * Config that reads all of `variables`, or fails once for all of them: `missing WHATSAPP_ACCESS_TOKEN,
 * WHATSAPP_PHONE_NUMBER_ID; invalid WHATSAPP_API_URL (expected an http or https URL)`. Blank is missing, and white space
 * around a value is dropped.
 */
export const read = <const V extends Variables>(variables: V): Config.Config<Values<V>> =>
  Config.all(Record.map(variables, ({ name }) => Config.option(Config.String(name)))).pipe(
  )
