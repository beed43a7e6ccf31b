/**
 * The limits that Meta documents for what is sent, in one table. A message is held against it before it leaves, so that
 * a text that is too long is an error with a name and not a refusal after a round trip.
 *
 * Meta does not say how it counts characters. We count Unicode code points, which are never more than UTF-16 units and
 * never fewer than graphemes: if Meta counts units, it may refuse what passes here, and if it counts graphemes, it would
 * take some texts of composed emoji and letters that are refused here.
 */
import * as Order from "effect/Order"
import * as Schema from "effect/Schema"

export interface Limit {
  readonly min: number
  readonly max: number
  /** What is counted; characters are Unicode code points. */
  readonly unit: "characters" | "items" | "index" | "line breaks" | "days" | "minutes" | "seconds" | "degrees" | "emoji"
  /** Meta takes up to `max`, and shows or documents less somewhere: what is over this is sent with a warning. */
  readonly advised?: number
}

const characters = (min: number, max: number, advised?: number): Limit => ({
  min,
  max,
  unit: "characters",
  ...(advised === undefined ? {} : { advised })
})

// What Meta allows alike in messages and in templates

const card = characters(0, 160)
const index: Limit = { min: 0, max: 9, unit: "index" }
const cards: Limit = { min: 2, max: 10, unit: "items" }
const ttlMinutes: Limit = { min: 1, max: 43_200, unit: "minutes" }
const callPayload = characters(1, 512)
const sections: Limit = { min: 1, max: 10, unit: "items" }
const sectionTitle = characters(1, 24)
const products: Limit = { min: 1, max: 30, unit: "items" }

/** Meta pages: "Messages" (reference); of Direct Send, a beta, there is none that is public. */
const envelope = {
  callbackData: characters(1, 512),
  "directSend.ttlSeconds": { min: 1, max: 43_200, unit: "seconds" },
  "directSend.ttlSeconds.authentication": { min: 1, max: 900, unit: "seconds" }
} as const satisfies Limits

/** Meta page: "Text messages". */
const text_ = {
  "text.body": characters(1, 4096)
} as const satisfies Limits

/**
 * Meta pages: "Image messages", "Video messages", "Document messages", "Location messages", "Contacts messages",
 * "Reaction messages", "Group messaging".
 */
const simple = {
  "image.caption": characters(0, 1024),
  "video.caption": characters(0, 1024),
  "document.caption": characters(0, 1024),
  "location.latitude": { min: -90, max: 90, unit: "degrees" },
  "location.longitude": { min: -180, max: 180, unit: "degrees" },
  contacts: { min: 1, max: 257, unit: "items" },
  /** None takes a reaction back. */
  "reaction.emoji": { min: 0, max: 1, unit: "emoji" },
  "pin.expiration_days": { min: 1, max: 30, unit: "days" }
} as const satisfies Limits

/** Meta pages: "Template messages", "Template components", and one for each kind of template. */
const template = {
  "template.name": characters(1, 512),
  "template.header.parameters": { min: 0, max: 1, unit: "items" },
  "template.header.text": characters(1, 60),
  /** All parameters of the body together, for a template that is nothing but a body. */
  "template.body": characters(0, 32_768),
  /** The same for a template that has a header or buttons. */
  "template.body.beside": characters(0, 1024),
  /** The same for a template with a limited-time offer. */
  "template.body.offer": characters(0, 600),
  "template.buttons": { min: 0, max: 10, unit: "items" },
  "template.buttons.url": { min: 0, max: 2, unit: "items" },
  "template.buttons.copy_code": { min: 0, max: 1, unit: "items" },
  "template.button.index": index,
  "template.button.payload": characters(1, 256),
  "template.button.url": characters(1, 2000),
  "template.button.code": characters(1, 20),
  /** The code beside a limited-time offer. */
  "template.button.code.offer": characters(1, 15),
  "template.button.sections": sections,
  "template.button.section.title": sectionTitle,
  /** The products of all sections together. */
  "template.button.products": products,
  "template.button.voiceCall.ttlMinutes": ttlMinutes,
  "template.button.voiceCall.payload": callPayload,
  "template.cards": cards,
  "template.card.index": index,
  /** All parameters of the body of a card together. */
  "template.card.body": card,
  /** The code of a template of the category authentication. */
  "template.oneTimePassword": characters(1, 15)
} as const satisfies Limits

/** Meta pages: those of "Interactive messages", "Calling" and "Payments API"; the first word is `interactive.type`. */
const interactive = {
  "interactive.header.text": characters(1, 60),
  "interactive.header.sub_text": characters(1, 60),
  "interactive.body": characters(1, 1024),
  "interactive.footer": characters(1, 60),
  "button.buttons": { min: 1, max: 3, unit: "items" },
  "button.id": characters(1, 256),
  "button.title": characters(1, 20),
  /** One page of Meta's says 4096, another 1024. */
  "list.body": characters(1, 4096, 1024),
  "list.button": characters(1, 20),
  "list.sections": sections,
  /** Of all sections together. */
  "list.rows": { min: 1, max: 10, unit: "items" },
  "list.section.title": sectionTitle,
  "list.row.id": characters(1, 200),
  "list.row.title": characters(1, 24),
  "list.row.description": characters(1, 72),
  "cta_url.display_text": characters(1, 20),
  /** Meta says 30, and others have seen 20. */
  "flow.flow_cta": characters(1, 30, 20),
  "product_list.sections": sections,
  /** Of all sections together. */
  "product_list.products": products,
  "product_list.section.title": sectionTitle,
  "address_message.in_pin_code": characters(0, 6),
  "voice_call.display_text": characters(1, 20),
  "voice_call.ttl_minutes": ttlMinutes,
  "voice_call.payload": callPayload,
  "carousel.cards": cards,
  "carousel.card_index": index,
  "carousel.card.body": { ...card, min: 1 },
  "carousel.card.body.breaks": { min: 0, max: 2, unit: "line breaks" },
  "carousel.card.display_text": characters(1, 20),
  "carousel.card.buttons": { min: 1, max: 3, unit: "items" },
  "carousel.card.button.id": characters(1, 256),
  "carousel.card.button.title": characters(1, 20),
  "order_details.reference_id": characters(1, 35),
  /** Of tax, shipping and discount. */
  "order_details.description": characters(1, 60),
  "order_details.expiration.description": characters(1, 120),
  "order_status.description": characters(1, 120)
} as const satisfies Limits

interface Limits {
  readonly [field: string]: Limit
}

/** Every limit, by what it limits. */
export const limits = { ...envelope, ...text_, ...simple, ...template, ...interactive } as const

/** How many characters a text has, as limits are counted: Unicode code points. */
export const count = (text: string): number => {
  let points = 0
  for (const _ of text) points++
  return points
}

/** A limit in words, as in `1 to 4096 characters`. */
export const describe = ({ max, min, unit }: Limit): string =>
  unit === "index"
    ? `an index from ${min} to ${max}`
    : min === 0
      ? `at most ${max} ${unit}`
      : `${min} to ${max} ${unit}`

/** Check that a list has as many elements as a limit allows; the error tells the limit and the number that was found. */
export const items = (limit: Limit) =>
  Schema.makeFilter<ReadonlyArray<unknown>>(
    ({ length }) =>
      length >= limit.min && length <= limit.max ? undefined : `Expected ${describe(limit)}, got ${length}`,
    {
      expected: describe(limit),
      arbitraryConstraint: { minLength: limit.min, maxLength: limit.max },
      toJsonSchema: () => ({ minItems: limit.min, maxItems: limit.max })
    }
  )

const outside = (limit: Limit, value: number): string | undefined =>
  value >= limit.min && value <= limit.max ? undefined : `Expected ${describe(limit)}, got ${value}`

/** Schema for a whole number within a limit; the error tells the limit and the number that was found. */
export const integer = (limit: Limit) =>
  Schema.Int.check(
    Schema.makeFilter((value: number) => outside(limit, value), {
      expected: describe(limit),
      arbitraryConstraint: { order: Order.Number, minimum: limit.min, maximum: limit.max },
      toJsonSchema: () => ({ minimum: limit.min, maximum: limit.max })
    })
  )

/** Schema for a position within a limit, as a number or as a string of one, which Meta writes both. */
export const position = (limit: Limit) =>
  Schema.Union([
    integer(limit),
    Schema.String.check(
      Schema.makeFilter(
        (text: string) =>
          /^(0|[1-9][0-9]{0,8})$/.test(text) ? outside(limit, Number(text)) : `Expected ${describe(limit)}`,
        { expected: describe(limit), arbitraryConstraint: { patterns: [{ source: "^[0-9]$", flags: "" }] } }
      )
    )
  ])

/** Schema for a text within a limit; the error tells the limit and the length that was found, never the text. */
export const text = (limit: Limit) =>
  Schema.String.check(
    Schema.makeFilter(
      (value: string) => {
        // Fast for what is surely short enough: a code point is one or two units.
        if (value.length <= limit.max && value.length >= 2 * limit.min) return undefined
        const length = count(value)
        return length >= limit.min && length <= limit.max ? undefined : `Expected ${describe(limit)}, got ${length}`
      },
      {
        expected: describe(limit),
        arbitraryConstraint: { minCodePoints: limit.min, maxCodePoints: limit.max },
        toJsonSchema: () => ({ minLength: limit.min, maxLength: limit.max })
      }
    )
  )
