/** A button that opens a web page. Meta page: "Interactive call-to-action URL button messages". */
import * as Schema from "effect/Schema"
import { limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { Url } from "../Media.ts"
import { around, type Around, interactive, type Interactive, surround } from "./Parts.ts"

/** Schema for a button with a link. Meta's name: `cta_url`. */
export const Link = Schema.Struct({
  type: Schema.Literal("cta_url"),
  ...around,
  action: Schema.Struct({
    name: Schema.Literal("cta_url"),
    parameters: Schema.Struct({ display_text: within(limits["cta_url.display_text"]), url: Url })
  })
})
export type Link = typeof Link.Type

export interface LinkInput extends Around {
  /** What the button says: at most 20 characters. */
  readonly button: string
  /** What it opens: an http or https address. */
  readonly url: string
}

/**
 * A button that opens a web page (Meta's `cta_url`), so that no long address stands in the text. No event tells of taps.
 *
 * **Example** (A basket)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const basket = Message.link({
 *   body: "Your basket is waiting",
 *   button: "Open basket",
 *   url: "https://shop.example/b?c=91"
 * })
 * ```
 */
export const link = (input: LinkInput, options?: Options): Interactive<Link> =>
  interactive(
    {
      type: "cta_url",
      ...surround(input),
      action: { name: "cta_url", parameters: { display_text: input.button, url: input.url } }
    },
    options
  )
