/** Colours and weights, where standard output is a terminal that shows them; else the text as it is. */
import * as Effect from "effect/Effect"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import { styleText } from "node:util"

type Format = Parameters<typeof styleText>[0]

/** Puts a text into a format of `node:util`. */
export type Style = (format: Format, text: string) => string

const styled: Style = (format, text) => styleText(format, text, { validateStream: false })
const plain: Style = (_, text) => text

/** `NO_COLOR` and `FORCE_COLOR` are obeyed. */
export const style: Effect.Effect<Style> = Effect.gen(function* () {
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  return canColor ? styled : plain
})
