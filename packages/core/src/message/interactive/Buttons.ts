/** Buttons that answer: a tap sends `id` and title back, as `ReplyButtonPressed`. Meta page: "Reply buttons messages". */
import * as Schema from "effect/Schema"
import { distinct } from "../internal/distinct.ts"
import { bounded } from "../internal/guarded.ts"
import { items, limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { around, type Around, interactive, type Interactive, surround } from "./Parts.ts"

const Reply = Schema.Struct({
  id: within(limits["button.id"]).check(Schema.isTrimmed({ expected: "no spaces at either end" })),
  title: within(limits["button.title"])
})
const Button = Schema.Struct({ type: Schema.Literal("reply"), reply: Reply })
type Button = typeof Button.Type

/** Schema for one to three reply buttons below a body. Meta's name: `button`. */
export const Buttons = Schema.Struct({
  type: Schema.Literal("button"),
  ...around,
  action: Schema.Struct({
    buttons: bounded(
      limits["button.buttons"],
      Schema.Array(Button).check(
        items(limits["button.buttons"]),
        distinct(({ reply }: Button) => reply.title, ["reply", "title"], "a title that no other button has"),
        distinct(({ reply }: Button) => reply.id, ["reply", "id"], "an id that no other button has")
      )
    )
  })
})
export type Buttons = typeof Buttons.Type

export interface ReplyButton {
  /** Comes back when it is tapped: at most 256 characters, of its own, and without spaces at either end. */
  readonly id: string
  /** What it says: at most 20 characters, and not what another one says. */
  readonly title: string
}

export interface ButtonsInput extends Around {
  /** One to three. */
  readonly buttons: ReadonlyArray<ReplyButton>
}

/**
 * A question with one to three buttons as answers (Meta's `button`).
 *
 * **Details**
 *
 * A tap is a `ReplyButtonPressed` that carries the `id` of the button. Like every constructor here it makes a plain
 * value: limits are checked when it is sent, or by `validate`.
 *
 * **Example** (Yes or no)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const question = Message.buttons({
 *   header: { image: { link: "https://shop.example/visit.png" } },
 *   body: "Keep Friday 10:00?",
 *   footer: "Reply within a day",
 *   buttons: [
 *     { id: "appt:31:yes", title: "Keep" },
 *     { id: "appt:31:no", title: "Change" }
 *   ]
 * })
 * ```
 */
export const buttons = (input: ButtonsInput, options?: Options): Interactive<Buttons> =>
  interactive(
    {
      type: "button",
      ...surround(input),
      action: { buttons: input.buttons.map(({ id, title }) => ({ type: "reply", reply: { id, title } })) }
    },
    options
  )
