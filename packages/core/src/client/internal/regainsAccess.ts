/** How long Meta says to wait, in the one header that says so. It is optional, and JSON in a text. */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as Json from "../../wire/Json.ts"
import * as Scalars from "../../wire/scalars.ts"

/** Names in small letters, as `HttpClientResponse.headers` has them. */
export interface Headers {
  readonly [name: string]: string | undefined
}

/** Calls are counted over a rolling hour, so that no wait is longer, whatever the header says. */
const longest = Duration.hours(1)

const decodeNumber = SchemaParser.decodeUnknownResult(Scalars.Number)

const minutesOf = (entry: Schema.Json): number => {
  if (!Json.isJsonObject(entry)) return 0
  // One header tells of all that the business uses of Meta's.
  if (typeof entry.type === "string" && !entry.type.startsWith("whatsapp")) return 0
  const minutes = Result.getOrElse(decodeNumber(entry.estimated_time_to_regain_access), () => 0)
  return minutes > 0 ? Math.ceil(minutes) : 0
}

/** The longest wait that is named; `undefined` when there is none, or nothing that can be read. */
export const regainsAccess = (headers: Headers | undefined): Duration.Duration | undefined => {
  const usage = headers?.["x-business-use-case-usage"]
  if (usage === undefined) return undefined
  const json = Json.parseObjectText(usage)
  if (Result.isFailure(json)) return undefined
  const minutes = Object.values(json.success)
    .flatMap((entries) => (Array.isArray(entries) ? entries.map(minutesOf) : []))
    .reduce((one, other) => Math.max(one, other), 0)
  return minutes > 0 ? Duration.min(Duration.minutes(minutes), longest) : undefined
}
