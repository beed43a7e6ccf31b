/** What no error may hold: who a message went to and what it said, the token, and a URL that is a key. */
import * as Predicate from "effect/Predicate"
import * as Base64 from "effect/encoding/Base64"
import type { Message, Raw } from "../../message/Message.ts"
import * as Recipient from "../../message/Recipient.ts"
import type { Secrets } from "./redact.ts"

/** Members that are Meta's words, and not the customer's. */
const plain: ReadonlySet<string> = new Set(["type", "sub_type", "message_id", "parameter_name"])
/** Members whose own members have names of the program's. */
const open: ReadonlySet<string> = new Set(["data", "flow_action_data"])
/** Shorter texts are left alone: they would blank out half of every sentence. */
const minSecret = 5

interface Place {
  /** Among the parameters of a template, where all is a secret: a code has four characters. */
  readonly isParameter?: boolean
  /** Where the names of members are the program's. */
  readonly isOpen?: boolean
}

interface Found {
  readonly texts: Array<string>
  readonly words: Array<string>
}

const collect = (value: unknown, found: Found, { isOpen = false, isParameter = false }: Place = {}): Found => {
  if (typeof value === "string") {
    if (isParameter) found.words.push(value)
    else if (value.length >= minSecret) found.texts.push(value)
  } else if (typeof value === "number") {
    collect(String(Math.abs(value)), found, { isParameter })
  } else if (Predicate.isObjectOrArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (isOpen && key.length >= minSecret && !Array.isArray(value)) found.texts.push(key)
      // Of a template they are a list; the parameters of a flow are Meta's object.
      const place = {
        isOpen: isOpen || open.has(key),
        isParameter: isParameter || (key === "parameters" && Array.isArray(inner))
      }
      if (!plain.has(key) || isOpen || typeof inner !== "string") collect(inner, found, place)
    }
  }
  return found
}

/** The texts in a value, but for those that are too short. */
export const textsOf = (value: unknown): ReadonlyArray<string> => collect(value, { texts: [], words: [] }).texts

/** Who it went to, and what it said. Name and language of a template say nothing. */
export const secretsOf = (to: Recipient.Recipient, message: Message | Raw): Secrets =>
  collect(message.type === "template" ? message.template.components : message, {
    texts: [Recipient.format(to)],
    words: []
  })

/**
 * What may not stand in an error of a URL, or an id, whose query makes it a secret: the whole, and each value, as it is
 * and decoded, with a plus for itself and for a space.
 */
export const secretsOfUrl = (url: string): ReadonlyArray<string> => {
  const query = url.slice(url.indexOf("?") + 1).replace(/#.*$/s, "")
  const values = [
    ...query.split(/[&=]/),
    ...new URLSearchParams(query).values(),
    ...new URLSearchParams(query.replaceAll("+", "%2B")).values()
  ]
  return [url, ...new Set(values.filter(({ length }) => length >= minSecret))]
}

/** Of three bytes, the token may begin at any; what depends on what stands around it is cut off. */
const base64 = (token: string): ReadonlyArray<string> =>
  ["", " ", "  "].flatMap((before) => {
    const whole = Base64.encode(before + token)
    const inner = whole.slice(before === "" ? 0 : 4, -4)
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")]
  })

/** The token, also in Base64, as proxies and logs write it. */
export const secretsOfToken = (token: string): ReadonlyArray<string> => [token, ...base64(token)]
