/**
 * The small words of the message schemas. Sizes are in characters, counted as code points: how Meta counts is
 * undocumented, and this is the most generous way.
 */
import * as Schema from "effect/Schema"

export const optional = <S extends Schema.Top>(schema: S): Schema.optionalKey<S> => Schema.optionalKey(schema)
export const Text = Schema.String
export const OneOf = <const L extends ReadonlyArray<string>>(...literals: L) => Schema.Literals(literals)

export const lengthOf = (text: string): number => Array.from(text).length

const length = (min: number, max: number) =>
  Schema.makeFilter(
    (text: string) => {
      const count = lengthOf(text)
      return count >= min && count <= max
    },
    { expected: min === 0 ? `at most ${max} characters` : `${min} to ${max} characters` }
  )

/** 1 to `max` characters. */
export const upTo = (max: number) => Text.check(length(1, max))

/** 0 to `max` characters. */
export const atMost = (max: number) => Text.check(length(0, max))

/** Something must stand here. */
export const Some = Text.check(
  Schema.makeFilter((text: string) => text !== "", { expected: "a text that is not empty" })
)

export const Whole = (min: number, max: number) =>
  Schema.Int.check(
    Schema.makeFilter((n: number) => n >= min && n <= max, { expected: `an integer from ${min} to ${max}` })
  )

const Count = (min: number, max: number, what: string) =>
  Schema.makeFilter((list: ReadonlyArray<unknown>) => list.length >= min && list.length <= max, {
    expected: `${min} to ${max} ${what}`
  })

export const Several = <S extends Schema.Top>(item: S, min: number, max: number, what: string) =>
  Schema.Array(item).check(Count(min, max, what))

/** Meta fetches it. */
export const Link = Text.check(
  Schema.makeFilter((text: string) => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text), {
    expected: "a valid http or https URL"
  })
)

export const isDistinct = (values: ReadonlyArray<unknown>): boolean => new Set(values).size === values.length

/** Decimal degrees, as a number or as its digits: Meta's own documents have both. */
export const Degrees = (max: number) =>
  Schema.Union([Schema.Finite, Text]).check(
    Schema.makeFilter(
      (value: number | string) => {
        const degrees = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value)
        return Math.abs(degrees) <= max
      },
      { expected: `decimal degrees from -${max} to ${max}` }
    )
  )

/** A button's action. */
export const UrlAction = Schema.Struct({
  name: Schema.Literal("cta_url"),
  parameters: Schema.Struct({ display_text: upTo(20), url: Some })
})

/** `{ catalog_id, product_retailer_id }`. */
export const Product = Schema.Struct({ catalog_id: Some, product_retailer_id: Some })

/** Several sections of a catalogue: 10 sections, 30 products over all. */
export const ProductSections = Several(
  Schema.Struct({
    title: optional(upTo(24)),
    product_items: Several(Schema.Struct({ product_retailer_id: Some }), 1, 30, "products")
  }),
  1,
  10,
  "sections"
).check(
  Schema.makeFilter(
    (sections: ReadonlyArray<{ readonly product_items: ReadonlyArray<unknown> }>) =>
      sections.reduce((sum, one) => sum + one.product_items.length, 0) <= 30,
    { expected: "sections with at most 30 products in total" }
  ),
  Schema.makeFilter(
    (sections: ReadonlyArray<{ readonly title?: string }>) =>
      sections.length === 1 || sections.every((one) => one.title !== undefined),
    { expected: "sections with a title each, as there is more than one" }
  )
)
