/** Lines for people and for programs, of which a terminal obeys none. */
import * as Console from "effect/Console"
import type * as Effect from "effect/Effect"

const unsafe = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu

/** What a terminal would obey is written as JSON escapes it, so that JSON stays what it was. */
const shown = (line: string): string =>
  line.replace(unsafe, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** Prints one line of a result. */
export const print = (line: string): Effect.Effect<void> => Console.log(shown(line))

/** Prints one line beside the results, on standard error. */
export const complain = (line: string): Effect.Effect<void> => Console.error(shown(line))
