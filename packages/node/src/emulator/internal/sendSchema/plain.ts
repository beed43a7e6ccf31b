/** The messages that are neither files, nor interactive, nor templates. */
import * as Schema from "effect/Schema"
import { Degrees, OneOf, optional, Several, Some, Text, upTo, Whole } from "./words.ts"

export const TextContent = Schema.Struct({ body: upTo(4096), preview_url: optional(Schema.Boolean) })

export const Location = Schema.Struct({
  latitude: Degrees(90),
  longitude: Degrees(180),
  name: optional(Text),
  address: optional(Text)
})

const parts = { first_name: Text, last_name: Text, middle_name: Text, suffix: Text, prefix: Text }
const Name = Schema.Struct({
  formatted_name: Some,
  first_name: optional(Text),
  last_name: optional(Text),
  middle_name: optional(Text),
  suffix: optional(Text),
  prefix: optional(Text)
}).check(
  Schema.makeFilter((name: object) => Object.keys(parts).some((part) => part in name), {
    expected: "formatted_name and at least one more part of the name"
  })
)

/** Meta's own samples use more labels than the two of its schema: any text. */
const label = { type: optional(Text) }

const Contact = Schema.Struct({
  name: Name,
  birthday: optional(Text),
  phones: optional(Schema.Array(Schema.Struct({ phone: optional(Text), wa_id: optional(Text), ...label }))),
  emails: optional(Schema.Array(Schema.Struct({ email: optional(Text), ...label }))),
  urls: optional(Schema.Array(Schema.Struct({ url: optional(Text), ...label }))),
  addresses: optional(
    Schema.Array(
      Schema.Struct({
        street: optional(Text),
        city: optional(Text),
        state: optional(Text),
        zip: optional(Text),
        country: optional(Text),
        country_code: optional(Text),
        ...label
      })
    )
  ),
  org: optional(Schema.Struct({ company: optional(Text), department: optional(Text), title: optional(Text) }))
})

export const Contacts = Several(Contact, 1, 257, "contacts")

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })
const picture = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u

/** `emoji` must be there; empty takes the reaction back. */
export const Reaction = Schema.Struct({
  message_id: Some,
  emoji: Text.check(
    Schema.makeFilter(
      (text: string) => text === "" || (picture.test(text) && Array.from(graphemes.segment(text)).length === 1),
      { expected: "one emoji, or empty" }
    )
  )
})

export const Pin = Schema.Struct({
  type: OneOf("pin", "unpin"),
  message_id: Some,
  expiration_days: optional(Whole(1, 30))
}).check(
  Schema.makeFilter(
    (pin: { readonly type: string; readonly expiration_days?: number }) =>
      pin.type === "unpin" || pin.expiration_days !== undefined,
    { expected: "given expiration_days, as its type is pin" }
  )
)
