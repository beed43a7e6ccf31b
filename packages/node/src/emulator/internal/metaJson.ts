/** JSON as Meta writes it. The signature covers these bytes, so whoever parses and writes them again breaks it. */
import { createHmac } from "node:crypto"
import type * as Schema from "effect/Schema"

const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Everything beyond ASCII as lower-case `\uXXXX`, one for each UTF-16 unit, and every slash as `\/`. */
export const encode = (value: Schema.Json): string =>
  JSON.stringify(value)
    .replace(/[\u0080-\uffff]/g, escape)
    .replaceAll("/", "\\/")

/** The value of `X-Hub-Signature-256`. */
export const sign = (body: string, secret: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`
