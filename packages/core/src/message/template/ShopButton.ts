/**
 * Buttons that sell: the catalog, a choice of products, an order to pay. Meta pages: "Catalog templates", "Multi-product
 * message templates", "Order details templates".
 */
import * as Schema from "effect/Schema"
import { bounded } from "../internal/guarded.ts"
import { untitled } from "../internal/sections.ts"
import { describe, items, limits, text as within } from "../limits.ts"
import { action, at, button } from "./internal/button.ts"
import { OrderDetails } from "./Order.ts"

const atMostOne = items({ min: 0, max: 1, unit: "items" })

/** Schema for a button that opens the catalog; it may take nothing. */
export const Catalog = Schema.Struct({
  ...button("catalog"),
  parameters: Schema.optionalKey(
    Schema.Array(
      action({
        /** The product whose picture is shown. @default the first of the catalog */
        thumbnail_product_retailer_id: Schema.optionalKey(Schema.NonEmptyString)
      })
    ).check(atMostOne)
  )
})
export type Catalog = typeof Catalog.Type

const Section = Schema.Struct({
  title: Schema.optionalKey(within(limits["template.button.section.title"])),
  product_items: Schema.NonEmptyArray(Schema.Struct({ product_retailer_id: Schema.NonEmptyString }))
})

/** All sections together hold so many products, and each has a title when there are several. */
const isOfferable = Schema.makeFilter((sections: ReadonlyArray<typeof Section.Type>) => {
  const limit = limits["template.button.products"]
  const products = sections.reduce((sum, { product_items }) => sum + product_items.length, 0)
  const issue = untitled(sections)
  if (issue !== undefined) return issue
  return products > limit.max ? `Expected ${describe(limit)} in all sections together, got ${products}` : undefined
})

/** Schema for a button that opens a choice of products (multi-product message). */
export const MultiProduct = Schema.Struct({
  ...button("mpm"),
  parameters: Schema.Tuple([
    action({
      thumbnail_product_retailer_id: Schema.optionalKey(Schema.NonEmptyString),
      sections: bounded(
        limits["template.button.sections"],
        Schema.Array(Section).check(items(limits["template.button.sections"]), isOfferable)
      )
    })
  ])
})
export type MultiProduct = typeof MultiProduct.Type

/** Schema for a button that shows an order and lets the person pay. India and Brazil. */
export const Payment = Schema.Struct({
  ...button("order_details"),
  parameters: Schema.Tuple([action({ order_details: OrderDetails })])
})
export type Payment = typeof Payment.Type

/** Schema for what `catalog` takes. */
export const CatalogOptions = Schema.Struct({
  /** Your id of the product whose picture is shown. @default Meta's: the first of the catalog */
  thumbnail: Schema.optional(Schema.NonEmptyString)
})
export type CatalogOptions = typeof CatalogOptions.Type

const pictured = ({ thumbnail }: CatalogOptions) =>
  thumbnail === undefined ? {} : { thumbnail_product_retailer_id: thumbnail }

/** The catalog: `catalog(0, { thumbnail: "SKU-1" })`. */
export const catalog = (index: number, options: CatalogOptions = {}): Catalog => ({
  ...at("catalog", index),
  ...(options.thumbnail === undefined ? {} : { parameters: [{ type: "action", action: pictured(options) }] })
})

/** Schema for what `multiProduct` takes. */
export const MultiProductOptions = Schema.Struct({
  /** Your id of the product whose picture is shown. */
  thumbnail: Schema.optional(Schema.NonEmptyString),
  /** At most 10 sections with at most 30 products together; titles have at most 24 characters. */
  sections: Schema.NonEmptyArray(
    Schema.Struct({
      /** May be left out when there is one section. */
      title: Schema.optional(Schema.String),
      /** Your ids of the products. */
      products: Schema.NonEmptyArray(Schema.String)
    })
  )
})
export type MultiProductOptions = typeof MultiProductOptions.Type

const asItem = (product_retailer_id: string) => ({ product_retailer_id })

/** A choice of products: `multiProduct(0, { thumbnail: "SKU-1", sections: [{ title: "Pots", products: ["SKU-1"] }] })`. */
export const multiProduct = (index: number, options: MultiProductOptions): MultiProduct => ({
  ...at("mpm", index),
  parameters: [
    {
      type: "action",
      action: {
        ...pictured(options),
        sections: options.sections.map(({ products: [first, ...others], title }) => ({
          ...(title === undefined ? {} : { title }),
          product_items: [asItem(first), ...others.map(asItem)]
        }))
      }
    }
  ]
})

/** An order to pay, in Meta's own words. */
export const orderDetails = (index: number, order: OrderDetails): Payment => ({
  ...at("order_details", index),
  parameters: [{ type: "action", action: { order_details: order } }]
})
