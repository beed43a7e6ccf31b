/** The variables: each of them there, of the right shape, and not the value of another. */
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { problemsOf } from "../internal/problems.ts"
import { type Variable, variables } from "../project/variables.ts"
import { type Check, failure, ok, type Outcome, warning } from "./Check.ts"
import { Setup, type Value } from "./Setup.ts"

const table: { readonly [name: string]: Variable } = variables

/** The id of the check of a variable. */
export const idOf = (name: keyof typeof variables): string => `env.${name}`

const cannot = {
  send: "Without it nothing can be sent.",
  receive: "Without it the webhook does not start.",
  startUpload: "Without it no template sample can be uploaded.",
  "manage the account": "Without it the account cannot be looked after: its templates, its numbers, its subscription."
} as const

const whyOf = ({ without }: Variable): string =>
  "default" in without
    ? "A value that cannot be read stops the start of a program; a wrong one is used."
    : cannot[without.cannot]

const isRequired = ({ without }: Variable) =>
  "cannot" in without && (without.cannot === "send" || without.cannot === "receive")

const mendOf = (name: string, { from, what }: Variable): string =>
  from === undefined ? `Set ${name}: ${what}.` : `Set ${name}: ${from}.`

/** What was expected of a value, without the value. */
const expected = ({ cause }: Config.ConfigError): string =>
  cause._tag === "SchemaError" ? (problemsOf(cause.issue)[0]?.details ?? "") : ""

/** What a value looks like that belongs somewhere else. */
const looksLike = {
  token: (text: string) => /^EAA[A-Za-z0-9]/.test(text),
  secret: (text: string) => /^[0-9a-f]{32}$/i.test(text),
  id: (text: string) => /^\d{14,20}$/.test(text),
  phone: (text: string) => /^[+(]?[\d\s().-]{7,}$/.test(text) && /^\D*(?:\d\D*){7,13}$/.test(text),
  appToken: (text: string) => /^\d+\|/.test(text)
} as const

type Suspicion = readonly [test: (text: string) => boolean, severity: "warning" | "failure", what: string]

/** What is obviously the wrong thing, by variable; the first that is true is told. */
const suspicions: { readonly [name: string]: ReadonlyArray<Suspicion> } = {
  WHATSAPP_ACCESS_TOKEN: [
    [(text) => /^bearer\b/i.test(text), "failure", "begins with Bearer, which is not part of the token"],
    [looksLike.appToken, "failure", "is an app access token, with which nothing can be sent"],
    [looksLike.secret, "failure", "looks like an app secret"],
    [(text) => /^\d+$/.test(text), "failure", "is a number, and looks like an id"],
    [(text) => text.startsWith("IG"), "failure", "looks like a token of Instagram"],
    [(text) => text.startsWith("TH"), "failure", "looks like a token of Threads"],
    [(text) => !text.startsWith("EAA"), "warning", "does not begin with EAA, as tokens for WhatsApp do"]
  ],
  WHATSAPP_PHONE_NUMBER_ID: [
    [looksLike.phone, "failure", "looks like a phone number, and it must be the id of one"],
    [looksLike.token, "failure", "looks like an access token"],
    [looksLike.secret, "failure", "looks like an app secret"],
    [(text) => !/^\d+$/.test(text), "warning", "is not a number, as ids of phone numbers are"]
  ],
  WHATSAPP_BUSINESS_ACCOUNT_ID: [
    [looksLike.phone, "failure", "looks like a phone number, and it must be the id of the account"],
    [looksLike.token, "failure", "looks like an access token"],
    [looksLike.secret, "failure", "looks like an app secret"]
  ],
  WHATSAPP_APP_ID: [
    [looksLike.secret, "failure", "looks like an app secret"],
    [looksLike.token, "failure", "looks like an access token"]
  ],
  WHATSAPP_APP_SECRET: [
    [looksLike.token, "failure", "looks like an access token"],
    [looksLike.appToken, "failure", "is an app access token; the secret is what stands behind the bar"],
    [looksLike.id, "failure", "looks like the id of the app, or another id"],
    [(text) => text.length < 16, "failure", "is so short that a signature under it can be guessed"],
    [(text) => !looksLike.secret(text), "warning", "is not 32 hexadecimal digits, as Meta's app secrets are"]
  ],
  WHATSAPP_VERIFY_TOKEN: [
    [looksLike.token, "failure", "looks like an access token, which Meta would send around in plain sight"],
    [(text) => text.length < 8, "warning", "is shorter than 8 characters, and can be guessed"]
  ],
  WHATSAPP_API_URL: [
    [(text) => /\/v\d+\.\d+\/?$/.test(text), "failure", "ends with a version, which WHATSAPP_API_VERSION says"],
    [
      (text) => /^http:/i.test(text) && !/^http:\/\/(localhost|127\.|\[::1\])/i.test(text),
      "warning",
      "is not https, so that everybody on the way can read the access token"
    ]
  ],
  WHATSAPP_API_VERSION: [[(text) => /^\d+(\.\d+)?$/.test(text), "failure", "lacks the v, as in v23.0"]],
  WHATSAPP_WEBHOOK_PATH: [
    [(text) => /^https?:/i.test(text), "failure", "is a whole URL, and it must be the path alone"],
    [(text) => /[?#]/.test(text), "failure", "has a query or a fragment, with which no delivery would be found"]
  ]
}

/** Secrets may be several, between commas; each of them is looked at. */
const partsOf = (name: string, text: string): ReadonlyArray<string> =>
  name === "WHATSAPP_APP_SECRET" ? text.split(",").map((part) => part.trim()) : [text]

const isPlaceholder = ({ placeholder, without }: Variable, text: string) =>
  text === placeholder && !("default" in without && without.default.replaceAll("`", "") === placeholder)

const isQuoted = (text: string) => /^(["'`]).*\1$/s.test(text)
/** What nobody sees: zero-width marks, soft hyphens, spaces that are none of the keyboard, control characters. */
const hasUnseen = (text: string) => /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u00a0]/u.test(text)

const examine = Effect.fnUntraced(function* (name: string, variable: Variable, { from, text }: Value) {
  const { provider } = yield* Setup
  const value = text.trim()
  const bad = (what: string, mend = mendOf(name, variable)): Outcome => failure(`${name} ${what}`, mend)
  if (isQuoted(value)) {
    return bad("stands in quotes that are part of it", "Write it without quotes: what loads it keeps them.")
  }
  if (variable.isSecret && hasUnseen(value))
    return bad("holds a character that cannot be seen", "Type it anew, or copy it once more.")
  if (isPlaceholder(variable, value)) return bad("still is the placeholder of the example file")
  const told = (suspicions[name] ?? []).find(([test]) => partsOf(name, value).some(test))
  if (told?.[1] === "failure") return bad(told[2])
  const parsed = yield* Effect.result(variable.config.parse(provider))
  if (parsed._tag === "Failure") {
    const said = expected(parsed.failure)
    return bad(`cannot be read: ${said === "" ? "it has another shape" : said}`)
  }
  if (told !== undefined) return warning(`${name} ${told[2]}`, mendOf(name, variable))
  if (value !== text) {
    return warning(
      `${name} has white space around it`,
      "Remove it, and the carriage return of a file from Windows: this package ignores it, others do not."
    )
  }
  return ok(`${name}, from ${from}`)
})

const absent = (name: string, variable: Variable): Outcome => {
  const { without } = variable
  if ("default" in without) return ok(`${name} is not set: ${without.default}`)
  if (isRequired(variable)) return failure(`${name} is not set`, mendOf(name, variable))
  return without.cannot === "manage the account"
    ? warning(`${name} is not set`, mendOf(name, variable))
    : ok(`${name} is not set, which only \`${without.cannot}\` needs`)
}

const ofVariable = ([name, variable]: readonly [string, Variable]): Check => ({
  id: `env.${name}`,
  right: `${name} is ${isRequired(variable) ? "set and" : "not set, or"} is what it should be`,
  why: whyOf(variable),
  isRemote: false,
  needs: [],
  run: Effect.flatMap(Setup, ({ values }) => {
    const value = values.get(name)
    return value === undefined ? Effect.succeed(absent(name, variable)) : examine(name, variable, value)
  })
})

const distinct: Check = {
  id: "env.distinct",
  right: "no two variables have the same value",
  why: "One of them then holds what belongs into the other; and a verify token that is the app secret gives it away.",
  isRemote: false,
  needs: [],
  run: Effect.map(Setup, ({ values }) => {
    const seen = new Map<string, string>()
    for (const [name, { text }] of values) {
      for (const part of partsOf(name, text.trim())) {
        const other = seen.get(part)
        if (other !== undefined && other !== name) {
          return failure(`${other} and ${name} have the same value`, mendOf(name, table[name] ?? variables.PORT))
        }
        seen.set(part, name)
      }
    }
    return ok("each variable has a value of its own")
  })
}

export const checks: ReadonlyArray<Check> = [...Object.entries(table).map(ofVariable), distinct]
