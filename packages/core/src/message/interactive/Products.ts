/** Things from a catalogue: one, some, or all of it. An order comes back as `OrderReceived`. Meta page: "Sell products & services". */
import * as Schema from "effect/Schema"
import { hint } from "../internal/generation.ts"
import { given } from "../../internal/present.ts"
import { bounded } from "../internal/guarded.ts"
import { untitled } from "../internal/sections.ts"
import { describe, items, limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { Body, Footer, footed, Id, interactive, type Interactive, TextHeader, textHeader } from "./Parts.ts"

/** Schema for one product by its id in the catalogue. */
export const ProductAction = Schema.Struct({ catalog_id: Id, product_retailer_id: Id })

/** Schema for one product; it has no header, as the product is shown there. */
export const Product = Schema.Struct({
  type: Schema.Literal("product"),
  body: Schema.optionalKey(Body),
  footer: Schema.optionalKey(Footer),
  action: ProductAction
})
export type Product = typeof Product.Type

const Section = Schema.Struct({
  title: Schema.optionalKey(within(limits["product_list.section.title"])),
  product_items: bounded(
    limits["product_list.products"],
    Schema.Array(Schema.Struct({ product_retailer_id: Id })).check(
      items(limits["product_list.products"]),
      // Generated lists have two sections at most, so that their products are not too many together.
      hint({ maxLength: limits["product_list.products"].max / 2 })
    )
  )
})

/** Schema for sections of products: titled where there are several, and with 30 products together. */
const Sections = bounded(
  limits["product_list.sections"],
  Schema.Array(Section).check(
    items(limits["product_list.sections"]),
    Schema.makeFilter<ReadonlyArray<typeof Section.Type>>(
      (sections) => {
        const products = sections.reduce((sum, section) => sum + section.product_items.length, 0)
        const limit = limits["product_list.products"]
        if (products > limit.max) return `Expected ${describe(limit)} as products of all sections, got ${products}`
        return untitled(sections)
      },
      { expected: "sections that make one list", arbitraryConstraint: { maxLength: 2 } }
    )
  )
)

/** Schema for up to thirty products, in sections. Meta's name: `product_list`. */
export const ProductList = Schema.Struct({
  type: Schema.Literal("product_list"),
  header: TextHeader,
  body: Body,
  footer: Schema.optionalKey(Footer),
  action: Schema.Struct({ catalog_id: Id, sections: Sections })
})
export type ProductList = typeof ProductList.Type

/** Schema for a button that opens the whole catalogue. Meta's name: `catalog_message`. */
export const Catalog = Schema.Struct({
  type: Schema.Literal("catalog_message"),
  body: Body,
  footer: Schema.optionalKey(Footer),
  action: Schema.Struct({
    name: Schema.Literal("catalog_message"),
    parameters: Schema.optionalKey(Schema.Struct({ thumbnail_product_retailer_id: Schema.optionalKey(Id) }))
  })
})
export type Catalog = typeof Catalog.Type

export interface ProductInput {
  /** Id of the catalogue that is connected to the account. */
  readonly catalogId: string
  /** Id of the product in the catalogue: `product_retailer_id`. */
  readonly productId: string
  /** 1 to 1024 characters. @default none */
  readonly body?: string | undefined
  /** At most 60 characters. @default none */
  readonly footer?: string | undefined
}

/**
 * One product of a catalogue.
 *
 * **Example** (Back again)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const fern = Message.product({ catalogId: "551", productId: "SKU-9", body: "Back in stock" })
 * ```
 */
export const product = (input: ProductInput, options?: Options): Interactive<Product> =>
  interactive(
    {
      type: "product",
      ...(input.body === undefined ? {} : { body: { text: input.body } }),
      ...footed(input.footer),
      action: { catalog_id: input.catalogId, product_retailer_id: input.productId }
    },
    options
  )

export interface ProductsInput {
  /** Id of the catalogue that is connected to the account. */
  readonly catalogId: string
  /** A text of at most 60 characters, which Meta requires. */
  readonly header: string
  /** 1 to 1024 characters. */
  readonly body: string
  /** At most 60 characters. @default none */
  readonly footer?: string | undefined
  /** One to ten, with thirty products together. */
  readonly sections: ReadonlyArray<{
    /** At most 24 characters; needed when there is more than one section. @default none */
    readonly title?: string | undefined
    /** Ids of products in the catalogue: `product_retailer_id`. */
    readonly productIds: ReadonlyArray<string>
  }>
}

/**
 * Up to thirty products of a catalogue, in sections (Meta's `product_list`).
 *
 * **Example** (Spring)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const spring = Message.products({
 *   catalogId: "551",
 *   header: "For you",
 *   body: "Spring picks",
 *   sections: [{ title: "Pots", productIds: ["SKU-1", "SKU-2"] }]
 * })
 * ```
 */
export const products = (input: ProductsInput, options?: Options): Interactive<ProductList> =>
  interactive(
    {
      type: "product_list",
      header: textHeader(input.header),
      body: { text: input.body },
      ...footed(input.footer),
      action: {
        catalog_id: input.catalogId,
        sections: input.sections.map(({ productIds, title }) => ({
          ...given({ title }),
          product_items: productIds.map((product_retailer_id) => ({ product_retailer_id }))
        }))
      }
    },
    options
  )

export interface CatalogInput {
  /** 1 to 1024 characters. */
  readonly body: string
  /** At most 60 characters. @default none */
  readonly footer?: string | undefined
  /** The product whose picture is shown: `product_retailer_id`. @default Meta's: the first of the catalogue */
  readonly thumbnailProductId?: string | undefined
}

/**
 * A button that opens the catalogue (Meta's `catalog_message`).
 *
 * **Example** (Everything)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const everything = Message.catalog({ body: "Browse everything", thumbnailProductId: "SKU-1" })
 * ```
 */
export const catalog = (input: CatalogInput, options?: Options): Interactive<Catalog> =>
  interactive(
    {
      type: "catalog_message",
      body: { text: input.body },
      ...footed(input.footer),
      action: {
        name: "catalog_message",
        ...(input.thumbnailProductId === undefined
          ? {}
          : { parameters: { thumbnail_product_retailer_id: input.thumbnailProductId } })
      }
    },
    options
  )
