/** A list that opens from a button: what is chosen comes back as `ListItemSelected`. Meta page: "List messages". */
import * as Schema from "effect/Schema"
import { firstRepeated } from "../internal/distinct.ts"
import { hint } from "../internal/generation.ts"
import { given } from "../../internal/present.ts"
import { bounded } from "../internal/guarded.ts"
import { untitled } from "../internal/sections.ts"
import { describe, items, limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { Footer, footed, interactive, type Interactive, TextHeader, textHeader } from "./Parts.ts"

const Row = Schema.Struct({
  id: within(limits["list.row.id"]).check(Schema.isTrimmed({ expected: "no spaces at either end" })),
  title: within(limits["list.row.title"]),
  description: Schema.optionalKey(within(limits["list.row.description"]))
})
type Row = typeof Row.Type

const Section = Schema.Struct({
  title: Schema.optionalKey(within(limits["list.section.title"])),
  rows: bounded(
    limits["list.rows"],
    Schema.Array(Row).check(
      items(limits["list.rows"]),
      // Generated lists have two sections at most, so that their rows are not too many together.
      hint({ maxLength: limits["list.rows"].max / 2, uniqueBy: ({ id }: Row) => id })
    )
  )
})
type Section = typeof Section.Type

const isOneList = Schema.makeFilter(
  (sections: ReadonlyArray<Section>) => {
    const rows = sections.flatMap((section, at) => section.rows.map(({ id }, row) => ({ id, at, row })))
    const limit = limits["list.rows"]
    if (rows.length > limit.max) return `Expected ${describe(limit)} as rows of all sections, got ${rows.length}`
    const nameless = untitled(sections)
    if (nameless !== undefined) return nameless
    const again = rows[firstRepeated(rows.map(({ id }) => id))]
    return again === undefined
      ? undefined
      : { path: [again.at, "rows", again.row, "id"], issue: "Expected an id that no other row has" }
  },
  { expected: "sections that make one list", arbitraryConstraint: { maxLength: 2 } }
)

/** Schema for a list of up to ten rows, in sections. */
export const List = Schema.Struct({
  type: Schema.Literal("list"),
  header: Schema.optionalKey(TextHeader),
  body: Schema.Struct({ text: within(limits["list.body"]) }),
  footer: Schema.optionalKey(Footer),
  action: Schema.Struct({
    button: within(limits["list.button"]),
    sections: bounded(limits["list.sections"], Schema.Array(Section).check(items(limits["list.sections"]), isOneList))
  })
})
export type List = typeof List.Type

export interface ListRow {
  /** Comes back when it is chosen: at most 200 characters, of its own, and without spaces at either end. */
  readonly id: string
  /** At most 24 characters. */
  readonly title: string
  /** At most 72 characters. @default none */
  readonly description?: string | undefined
}

export interface ListSection {
  /** At most 24 characters; needed when there is more than one section. @default none */
  readonly title?: string | undefined
  readonly rows: ReadonlyArray<ListRow>
}

export interface ListInput {
  /** Above the body: a text of at most 60 characters. @default none */
  readonly header?: string | undefined
  /** 1 to 4096 characters; over 1024 it is sent with a warning, as Meta's pages differ. */
  readonly body: string
  /** Below the body, at most 60 characters. @default none */
  readonly footer?: string | undefined
  /** What the button says that opens the list: at most 20 characters. */
  readonly button: string
  /** One to ten, with ten rows together. */
  readonly sections: ReadonlyArray<ListSection>
}

/**
 * A question with up to ten answers, in a list that a button opens.
 *
 * **Example** (Slots of two days)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const slots = Message.list({
 *   header: "Delivery",
 *   body: "Pick a slot",
 *   button: "Slots",
 *   sections: [
 *     { title: "Today", rows: [{ id: "s1", title: "09–11", description: "Free" }] },
 *     { title: "Tomorrow", rows: [{ id: "s2", title: "14–16" }] }
 *   ]
 * })
 * ```
 */
export const list = (input: ListInput, options?: Options): Interactive<List> =>
  interactive(
    {
      type: "list",
      ...(input.header === undefined ? {} : { header: textHeader(input.header) }),
      body: { text: input.body },
      ...footed(input.footer),
      action: {
        button: input.button,
        sections: input.sections.map(({ rows, title }) => ({
          ...given({ title }),
          rows: rows.map(({ description, id, title }) => given({ id, title, description }))
        }))
      }
    },
    options
  )
