/**
 * Two to ten cards beside each other, all of one kind: an image or a video with a link, the same with buttons that
 * answer, or products. Meta pages: "Interactive media carousel messages", "Interactive product carousel messages".
 */
import * as Schema from "effect/Schema"
import { distinct, firstRepeated } from "../internal/distinct.ts"
import { generatedFrom, hint } from "../internal/generation.ts"
import { bounded } from "../internal/guarded.ts"
import { describe, integer, items, limits, text as within } from "../limits.ts"
import { type Media, Url } from "../Media.ts"
import type { Options } from "../Quote.ts"
import type { ReplyButton } from "./Buttons.ts"
import { Body, ImageOrVideoHeader, imageOrVideoHeader, interactive, type Interactive } from "./Parts.ts"
import { ProductAction } from "./Products.ts"

const card_index = integer(limits["carousel.card_index"])
const breaks = limits["carousel.card.body.breaks"]

const CardBody = Schema.Struct({
  text: within(limits["carousel.card.body"]).check(
    Schema.makeFilter(
      (text) => {
        const found = text.match(/\r\n|\r|\n/g)?.length ?? 0
        return found <= breaks.max ? undefined : `Expected ${describe(breaks)}, got ${found}`
      },
      { expected: describe(breaks) }
    )
  )
})

const Reply = Schema.Struct({
  type: Schema.Literal("quick_reply"),
  quick_reply: Schema.Struct({
    id: within(limits["carousel.card.button.id"]).check(Schema.isTrimmed({ expected: "no spaces at either end" })),
    title: within(limits["carousel.card.button.title"])
  })
})
type Reply = typeof Reply.Type

const Replies = Schema.Struct({
  buttons: bounded(
    limits["carousel.card.buttons"],
    Schema.Array(Reply).check(
      items(limits["carousel.card.buttons"]),
      distinct(
        ({ quick_reply }: Reply) => quick_reply.title,
        ["quick_reply", "title"],
        "a title that no other button of the card has"
      )
    )
  )
})
const Link = Schema.Struct({
  name: Schema.Literal("cta_url"),
  parameters: Schema.Struct({ display_text: within(limits["carousel.card.display_text"]), url: Url })
})

const picture = { card_index, header: ImageOrVideoHeader, body: Schema.optionalKey(CardBody) }

/** Schema for a card with a picture. With quick replies, which Meta's page does not show, others write either type. */
const MediaCard = Schema.Struct({
  ...picture,
  type: Schema.Literal("cta_url"),
  action: Schema.Union([Link, Replies])
})
type MediaCard = typeof MediaCard.Type

const ReplyCard = Schema.Struct({ ...picture, type: Schema.Literal("button"), action: Replies })

const ProductCard = Schema.Struct({ card_index, type: Schema.Literal("product"), action: ProductAction })

const Card = Schema.Union([MediaCard, ReplyCard, ProductCard]).annotate({
  message: "Expected a card of type cta_url, button or product"
})
type Card = typeof Card.Type

/** What must be the same on all cards, where it stands, and what it is called. */
const kindOf = (card: Card): ReadonlyArray<readonly [path: ReadonlyArray<string>, value: string, what: string]> =>
  card.type === "product"
    ? [
        [["type"], card.type, "type"],
        [["action", "catalog_id"], card.action.catalog_id, "catalog_id"]
      ]
    : [
        [["type"], card.type, "type"],
        [["header", "type"], card.header.type, "type of header"],
        [["action"], "buttons" in card.action ? "buttons" : "link", "kind of action"]
      ]

const repliesOf = (card: Card) => (card.type !== "product" && "buttons" in card.action ? card.action.buttons : [])

const isAlike = (cards: ReadonlyArray<Card>) => {
  const [first] = cards
  if (first === undefined) return undefined
  const kind = kindOf(first)
  for (const [at, card] of cards.entries()) {
    for (const [part, [path, value, what]] of kindOf(card).entries()) {
      if (value !== kind[part]?.[1]) {
        return { path: [at, ...path], issue: `Expected the same ${what} as on the first card` }
      }
    }
  }
  const replies = cards.flatMap((card, at) =>
    repliesOf(card).map(({ quick_reply }, button) => ({ at, button, id: quick_reply.id }))
  )
  const again = replies[firstRepeated(replies.map(({ id }) => id))]
  return again === undefined
    ? undefined
    : {
        path: [again.at, "action", "buttons", again.button, "quick_reply", "id"],
        issue: "Expected an id that no other button of the carousel has"
      }
}

const Cards = bounded(
  limits["carousel.cards"],
  Schema.Array(Card).check(
    items(limits["carousel.cards"]),
    distinct(({ card_index }: Card) => card_index, ["card_index"], "an index that no other card has"),
    Schema.makeFilter(isAlike, { expected: "cards of one kind" })
  )
)

/** Cards made alike: as generated, each is right by itself. */
const alike = (cards: ReadonlyArray<Card>): typeof Cards.Type => {
  const [first] = cards
  return cards.map((card, card_index) => {
    if (first?.type !== "cta_url") return { ...(first ?? card), card_index }
    const action =
      "buttons" in first.action
        ? {
            buttons: first.action.buttons.map(({ quick_reply, type }, at) => ({
              type,
              quick_reply: { ...quick_reply, id: `${card_index}:${at}` }
            }))
          }
        : first.action
    return { ...(card.type === "cta_url" ? card : first), card_index, header: first.header, action }
  })
}

/** Schema for a carousel of two to ten cards. */
export const Carousel = Schema.Struct({
  type: Schema.Literal("carousel"),
  body: Body,
  action: Schema.Struct({
    cards: generatedFrom(
      Cards,
      Schema.Array(Card).check(items(limits["carousel.cards"]), hint({ maxLength: 3 })),
      alike
    )
  })
})
export type Carousel = typeof Carousel.Type

interface Pictured {
  /** An image or a video, the same kind on all cards: `{ image: { link: "https://…" } }`. */
  readonly header: { readonly image: Media } | { readonly video: Media }
  /** At most 160 characters and two line breaks. @default none */
  readonly body?: string | undefined
}
/** A card with a link. */
export interface LinkCardInput extends Pictured {
  /** What the button says: at most 20 characters. */
  readonly button: string
  /** What it opens: an http or https address. */
  readonly url: string
}
/** A card with one to three buttons that answer; no page of Meta's shows it, though others send it. */
export interface ReplyCardInput extends Pictured {
  /** One to three; ids differ over all cards, titles on each. */
  readonly buttons: ReadonlyArray<ReplyButton>
}
/** A card with a product, from the same catalogue on all cards. */
export interface ProductCardInput {
  readonly catalogId: string
  /** Id of the product in the catalogue: `product_retailer_id`. */
  readonly productId: string
}

export interface CarouselInput {
  /** 1 to 1024 characters, above the cards. */
  readonly body: string
  /** Two to ten, all of one kind. */
  readonly cards: ReadonlyArray<LinkCardInput> | ReadonlyArray<ReplyCardInput> | ReadonlyArray<ProductCardInput>
}

const card = (input: LinkCardInput | ReplyCardInput | ProductCardInput, card_index: number): Card => {
  if ("productId" in input) {
    const { catalogId: catalog_id, productId: product_retailer_id } = input
    return { card_index, type: "product", action: { catalog_id, product_retailer_id } }
  }
  return {
    card_index,
    type: "cta_url",
    header: imageOrVideoHeader(input.header),
    ...(input.body === undefined ? {} : { body: { text: input.body } }),
    action:
      "buttons" in input
        ? { buttons: input.buttons.map(({ id, title }) => ({ type: "quick_reply", quick_reply: { id, title } })) }
        : { name: "cta_url", parameters: { display_text: input.button, url: input.url } }
  }
}

/**
 * Cards beside each other, in the order given.
 *
 * **Example** (Two links, two products)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const plants = Message.carousel({
 *   body: "This week",
 *   cards: [
 *     { header: { image: { link: "https://cdn.example/a.png" } }, body: "Fern", button: "View", url: "https://shop.example/fern" },
 *     { header: { image: { link: "https://cdn.example/b.png" } }, button: "View", url: "https://shop.example/moss" }
 *   ]
 * })
 * const products = Message.carousel({
 *   body: "Featured",
 *   cards: [
 *     { catalogId: "551", productId: "SKU-1" },
 *     { catalogId: "551", productId: "SKU-2" }
 *   ]
 * })
 * ```
 */
export const carousel = (input: CarouselInput, options?: Options): Interactive<Carousel> =>
  interactive({ type: "carousel", body: { text: input.body }, action: { cards: input.cards.map(card) } }, options)
