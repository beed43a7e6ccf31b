/**
 * Contact cards, which the recipient can save or write to. Metadata such as birthdays may not show on every device. Meta
 * page: "Contacts messages".
 */
import * as Schema from "effect/Schema"
import { present } from "../internal/present.ts"
import { generatedFrom } from "./internal/generation.ts"
import { bounded } from "./internal/guarded.ts"
import { items, limits } from "./limits.ts"
import { type Options, quote, quotes } from "./Quote.ts"

const Text = Schema.optionalKey(Schema.String)

/** What it is, as in `HOME`, `WORK`, `CELL`: Meta documents some words, and WhatsApp shows any. */
const label = { type: Text }

const parts = { first_name: Text, last_name: Text, middle_name: Text, prefix: Text, suffix: Text }

/** The whole name and at least one part of it, which Meta asks for with code 131009 otherwise. */
const Name = generatedFrom(
  Schema.Struct({ formatted_name: Schema.NonEmptyString, ...parts }).check(
    Schema.makeFilter(
      (name) => Object.entries(name).some(([key, part]) => Object.hasOwn(parts, key) && part.trim() !== ""),
      { expected: `formatted_name and at least one of ${Object.keys(parts).join(", ")}, which is not empty` }
    )
  ),
  Schema.Struct({ formatted_name: Schema.NonEmptyString, ...parts }),
  (name) => ({ ...name, last_name: `${name.last_name ?? ""}.` })
)

const reachable = { messageMissingKey: "Expected a phone or a wa_id" }

/** With a `wa_id` the card can be written to; without it WhatsApp offers to invite. */
const Phone = Schema.Union([
  Schema.Struct({ phone: Schema.NonEmptyString.pipe(Schema.annotateKey(reachable)), wa_id: Text, ...label }),
  Schema.Struct({ wa_id: Schema.NonEmptyString.pipe(Schema.annotateKey(reachable)), ...label })
])

const Address = Schema.Struct({
  street: Text,
  city: Text,
  state: Text,
  zip: Text,
  country: Text,
  /** Two letters, as in `ES`. */
  country_code: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[A-Za-z]{2}$/, { expected: "a country code of two letters" }))
  ),
  ...label
})

/** Where a month has fewer days, `Date` knows none or goes on into the next. */
const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

const Day = Schema.String.check(
  Schema.isPattern(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, { expected: "a day as YYYY-MM-DD" }).abort(),
  Schema.makeFilter(isDay, { expected: "a day that there is, as YYYY-MM-DD" })
)

const Contact = Schema.Struct({
  name: Name,
  phones: Schema.optionalKey(Schema.Array(Phone)),
  emails: Schema.optionalKey(Schema.Array(Schema.Struct({ email: Schema.NonEmptyString, ...label }))),
  urls: Schema.optionalKey(Schema.Array(Schema.Struct({ url: Schema.NonEmptyString, ...label }))),
  addresses: Schema.optionalKey(Schema.Array(Address)),
  org: Schema.optionalKey(Schema.Struct({ company: Text, department: Text, title: Text })),
  birthday: Schema.optionalKey(Day)
})
type Contact = typeof Contact.Type

/** Schema for 1 to 257 contact cards. */
export const ContactsMessage = Schema.Struct({
  type: Schema.Literal("contacts"),
  contacts: bounded(limits.contacts, Schema.Array(Contact).check(items(limits.contacts))),
  ...quotes
})
export type ContactsMessage = typeof ContactsMessage.Type

interface Labelled {
  /** What it is, as in `HOME`, `WORK`, `CELL`. @default none */
  readonly type?: string | undefined
}

/** A name in its parts. What is shown is `formatted`, else the parts in the order of Western names. */
export interface ContactName {
  readonly formatted?: string | undefined
  readonly first?: string | undefined
  readonly last?: string | undefined
  readonly middle?: string | undefined
  readonly prefix?: string | undefined
  readonly suffix?: string | undefined
}

/** A contact card as one writes it: a plain string is a name, a phone number, an e-mail address, a URL. */
export interface ContactInput {
  readonly name: string | ContactName
  readonly phones?: ReadonlyArray<string | ContactPhone> | undefined
  readonly emails?: ReadonlyArray<string | (Labelled & { readonly email: string })> | undefined
  readonly urls?: ReadonlyArray<string | (Labelled & { readonly url: string })> | undefined
  readonly addresses?: ReadonlyArray<ContactAddress> | undefined
  readonly org?:
    | {
        readonly company?: string | undefined
        readonly department?: string | undefined
        readonly title?: string | undefined
      }
    | undefined
  /** `YYYY-MM-DD`. */
  readonly birthday?: string | undefined
}

export interface ContactPhone extends Labelled {
  readonly phone: string
  /** WhatsApp's spelling of the number. With it the card can be written to, without it WhatsApp offers to invite. */
  readonly waId?: string | undefined
}

export interface ContactAddress extends Labelled {
  readonly street?: string | undefined
  readonly city?: string | undefined
  readonly state?: string | undefined
  readonly zip?: string | undefined
  readonly country?: string | undefined
  /** Two letters, as in `ES`. */
  readonly countryCode?: string | undefined
}

const nameOf = (name: string | ContactName): Contact["name"] => {
  const { first, formatted, last, middle, prefix, suffix } = typeof name === "string" ? { formatted: name } : name
  const given = [prefix, first, middle, last, suffix].filter((part) => part !== undefined && part !== "")
  return {
    formatted_name: formatted ?? given.join(" "),
    // A part is required beside the whole.
    ...(given.length === 0
      ? present({ first_name: formatted })
      : present({ first_name: first, last_name: last, middle_name: middle, prefix, suffix }))
  }
}

const each = <I, O>(inputs: ReadonlyArray<I> | undefined, write: (input: I) => O): ReadonlyArray<O> | undefined =>
  inputs === undefined || inputs.length === 0 ? undefined : inputs.map(write)

const write = ({ addresses, birthday, emails, name, org, phones, urls }: ContactInput): Contact => ({
  name: nameOf(name),
  ...present({
    phones: each(phones, (it) =>
      typeof it === "string" ? { phone: it } : { phone: it.phone, ...present({ type: it.type, wa_id: it.waId }) }
    ),
    emails: each(emails, (it) => (typeof it === "string" ? { email: it } : { email: it.email, ...labelOf(it) })),
    urls: each(urls, (it) => (typeof it === "string" ? { url: it } : { url: it.url, ...labelOf(it) })),
    addresses: each(addresses, ({ countryCode, ...rest }) => present({ ...rest, country_code: countryCode })),
    org: org === undefined ? undefined : present({ ...org }),
    birthday
  })
})

const labelOf = ({ type }: Labelled) => present({ type })

/**
 * Contact cards, 1 to 257.
 *
 * **Example** (In few words, and in many)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const short = Message.contacts([{ name: "Ana Ruiz", phones: ["+34 600 111 222"] }])
 * const long = Message.contacts([
 *   {
 *     name: { first: "Ana", last: "Ruiz" },
 *     phones: [{ phone: "+34 600 111 222", type: "CELL", waId: "34600111222" }],
 *     emails: [{ email: "ana@shop.example", type: "WORK" }],
 *     org: { company: "The Shop", title: "Lead" }
 *   }
 * ])
 * ```
 */
export const contacts = (contacts: ReadonlyArray<ContactInput>, options?: Options): ContactsMessage => ({
  type: "contacts",
  contacts: contacts.map(write),
  ...quote(options)
})
