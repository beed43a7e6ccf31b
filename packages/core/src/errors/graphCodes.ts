/**
 * Meta's error codes as data: what each means to a program, whether a second try is safe, and what to do about it. The
 * HTTP status plays no part in a known code: Meta sends the same code with different ones. Pages: "Error codes" of the
 * Cloud API and "Handling errors" of the Graph API.
 */
import * as Calling from "./codes/calling.ts"
import * as Flows from "./codes/flows.ts"
import * as Graph from "./codes/graph.ts"
import * as Numbers from "./codes/numbers.ts"
import * as People from "./codes/people.ts"
import { both, type GraphCode, type GraphCodes } from "./codes/row.ts"
import * as Sending from "./codes/sending.ts"
import * as SignUp from "./codes/signUp.ts"
import * as Templates from "./codes/templates.ts"
import { ambiguous, never } from "./Verdict.ts"

export type { GraphCode, When } from "./codes/row.ts"

/** What a code means. Unknown codes are `Rejected`, see `lookUp`. */
export const graphCodes: GraphCodes = {
  ...Graph.codes,
  ...Sending.codes,
  ...Templates.codes,
  ...Flows.codes,
  ...Numbers.codes,
  ...Calling.codes,
  ...People.codes,
  ...SignUp.codes
}

/** What a code and subcode together mean, where that differs from the code alone. */
export const graphSubcodes = Graph.subcodes

const unknown = both("Rejected", never, "Look the code up in Meta's documentation.")

// Meta says that it will pass, or its server failed; neither says that the message was refused.
const transient = both("ServerError", ambiguous, "Something failed at Meta: look for a status before you send again.")

/**
 * Codes that refuse and say little. What they are about stands in the subcode, which has the number that Meta's pages list
 * as a code. A code that leaves the outcome open is none: no subcode says that the message was refused after all.
 */
const wrappers: ReadonlySet<number> = new Set([100, 192, 368, 200_002])

/** Lower numbers mean one thing as a code and another as a subcode. */
const firstOfWhatsApp = 100_000

/**
 * What Meta's answer means: by code and subcode, by the subcode alone where the code says little, by code, by
 * `isTransient`, in this order. An unknown code is `Rejected` and never sent again, unless Meta called it transient or
 * answered it with HTTP 500 and above.
 */
export const lookUp = (code: number, subcode?: number, isTransient?: boolean): GraphCode =>
  (subcode === undefined ? undefined : (graphSubcodes[`${code}/${subcode}`] ?? wrapped(code, subcode))) ??
  graphCodes[code] ??
  (code > 200 && code < 300 ? Graph.permission : isTransient === true ? transient : unknown)

const wrapped = (code: number, subcode: number): GraphCode | undefined =>
  subcode >= firstOfWhatsApp && wrappers.has(code) ? graphCodes[subcode] : undefined
