/**
 * Variables of the environment, read so that one line names everything that is missing or wrong. A start that names one
 * missing variable at a time is a start tried five times. Values are never shown: half of them are secrets.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"

const failure = (name: string, issue: SchemaIssue.Issue) =>
  new Config.ConfigError(new Schema.SchemaError(new SchemaIssue.Pointer([name], issue)))

const parser = <A>(name: string, schema: Schema.Codec<A, string>) => {
  const decode = SchemaParser.decodeEffect(schema)
  return (value: string) => Effect.mapError(decode(value), (issue) => failure(name, issue))
}

/** A variable that must be there. Blank is missing; white space around the value is dropped. */
export const required = <A>(name: string, schema: Schema.Codec<A, string>): Config.Config<A> => {
  const parse = parser(name, schema)
  return Config.mapEffect(Config.String(name), (value) =>
    value.trim() === "" ? Effect.fail(failure(name, new SchemaIssue.MissingKey(undefined))) : parse(value.trim())
  )
}

/** A variable with a value for when it is missing or blank. */
export const optional = <A, B extends A | undefined>(
  name: string,
  schema: Schema.Codec<A, string>,
  otherwise: B
): Config.Config<A | B> => {
  const parse = parser(name, schema)
  return Config.mapEffect(Config.withDefault(Config.String(name), ""), (value) =>
    value.trim() === "" ? Effect.succeed<A | B>(otherwise) : parse(value.trim())
  )
}

/** A `ConfigError` that is one line of our own. */
export const configError = (message: string): Config.ConfigError => new Config.ConfigError(schemaError(message))
const schemaError = (message: string) => new Schema.SchemaError(new SchemaIssue.InvalidValue({ message }))

interface Problem {
  readonly isMissing: boolean
  readonly name: string
  readonly expected: string
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

const isMissingKey = (issue: SchemaIssue.Issue): boolean =>
  issue._tag === "MissingKey" || (issue._tag === "Pointer" && isMissingKey(issue.issue))

const problemOf = (error: Config.ConfigError, isAbsent: boolean): Problem => {
  if (error.cause._tag === "SourceError")
    return { isMissing: false, name: "the configuration", expected: "a source that can be read" }
  const [first] = format(error.cause.issue).issues
  // What follows the name in the path is a place inside the value, as the second of a list.
  const [name = ""] = (first?.path ?? []).map(String)
  return {
    isMissing: isAbsent || isMissingKey(error.cause.issue),
    name,
    expected: lower(first?.message ?? "expected another value").replace(/\s*\n\s*/g, ", ")
  }
}

const problem = (config: Config.Config<unknown>): Config.Config<Option.Option<Problem>> =>
  Config.orElse(
    Config.map(config, () => Option.none()),
    (error) =>
      // `option` recovers from what is absent, and from nothing else.
      Config.orElse(
        Config.map(Config.option(config), (value) => Option.some(problemOf(error, Option.isNone(value)))),
        () => Config.succeed(Option.some(problemOf(error, false)))
      )
  )

/** `missing A, B; invalid C (expected …)`. */
const describe = (problems: ReadonlyArray<Problem>): string => {
  const missing = problems.filter(({ isMissing }) => isMissing).map(({ name }) => name)
  const invalid = problems.filter(({ isMissing }) => !isMissing).map(({ expected, name }) => `${name} (${expected})`)
  return [
    ...(missing.length === 0 ? [] : [`missing ${missing.join(", ")}`]),
    ...(invalid.length === 0 ? [] : [`invalid ${invalid.join(", ")}`])
  ].join("; ")
}

/**
 * Config of several configs that fails once for all of them, in one line: `missing WHATSAPP_ACCESS_TOKEN,
 * WHATSAPP_PHONE_NUMBER_ID; invalid WHATSAPP_API_URL (expected an http or https URL)`. `Config.all` stops at the first.
 */
export const all = <const C extends { readonly [key: string]: Config.Config<unknown> }>(
  configs: C,
  /** Added to the line when something is missing. */
  hint: Config.Config<string> = Config.succeed("")
) =>
  Config.flatMap(Config.all(Object.values(configs).map(problem)), (found) => {
    const problems = found.flatMap(Option.toArray)
    if (problems.length === 0) return Config.all(configs)
    const more = problems.some(({ isMissing }) => isMissing) ? hint : Config.succeed("")
    return Config.flatMap(more, (text) => Config.fail(schemaError(describe(problems) + text)))
  })

/** Says which of these variables are unset or blank, as in ` (to receive, also A, B)`; nothing when none is. */
export const missingToo = (purpose: string, names: ReadonlyArray<string>): Config.Config<string> =>
  Config.map(Config.all(names.map((name) => Config.withDefault(Config.String(name), ""))), (values) => {
    const missing = names.filter((_, i) => values[i]?.trim() === "")
    return missing.length === 0 ? "" : ` (${purpose}, also ${missing.join(", ")})`
  })
