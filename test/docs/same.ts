import { isDeepStrictEqual, inspect } from "node:util"
import { Equal } from "effect"

/** What a stated result becomes: fails, naming the line, when the expression is something else. */
export const same = (place: string, observed: unknown, stated: unknown): void => {
  if (Equal.equals(observed, stated) || isDeepStrictEqual(observed, stated)) return
  throw new Error(`${place}: states ${inspect(stated)}, and it is ${inspect(observed)}`)
}
