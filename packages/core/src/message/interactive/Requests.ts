/**
 * Asking a person for something that WhatsApp then sends by itself: a location (`LocationReceived`), their contact
 * (`ContactsReceived`) or an address. Meta pages: "Location request messages", "Request contact info", "Address messages".
 */
import * as Schema from "effect/Schema"
import { distinct } from "../internal/distinct.ts"
import { given } from "../../internal/present.ts"
import { limits, text as within } from "../limits.ts"
import type { Options } from "../Quote.ts"
import { around, type Around, Body, Id, interactive, type Interactive, surround } from "./Parts.ts"

/** Schema for a button by which a person sends where they are. Meta's name: `location_request_message`. */
export const LocationRequest = Schema.Struct({
  type: Schema.Literal("location_request_message"),
  body: Body,
  action: Schema.Struct({ name: Schema.Literal("send_location") })
})
export type LocationRequest = typeof LocationRequest.Type

/** Schema for a button by which a person sends their phone number. Meta's name: `request_contact_info`. */
export const ContactRequest = Schema.Struct({
  type: Schema.Literal("request_contact_info"),
  body: Body,
  action: Schema.Struct({ name: Schema.Literal("request_contact_info") })
})
export type ContactRequest = typeof ContactRequest.Type

const part = Schema.optionalKey(Schema.String)

/** Parts of an address, under Meta's names. */
const parts = {
  name: part,
  phone_number: part,
  house_number: part,
  floor_number: part,
  tower_number: part,
  building_name: part,
  address: part,
  landmark_area: part,
  city: part,
  state: part
}
const Address = Schema.Struct({
  ...parts,
  /** At most 6 characters. */
  in_pin_code: Schema.optionalKey(within(limits["address_message.in_pin_code"]))
})
type Address = typeof Address.Type

const Complaints = Schema.Struct({ ...parts, in_pin_code: part })

const Saved = Schema.Struct({ id: Id, value: Address })
type Saved = typeof Saved.Type

/** Schema for a form for an address, in India. Meta's name: `address_message`. */
export const AddressRequest = Schema.Struct({
  type: Schema.Literal("address_message"),
  ...around,
  action: Schema.Struct({
    name: Schema.Literal("address_message"),
    parameters: Schema.Struct({
      country: Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/, { expected: "a country code of two capitals" })),
      values: Schema.optionalKey(Address),
      saved_addresses: Schema.optionalKey(
        Schema.Array(Saved).check(distinct(({ id }: Saved) => id, ["id"], "an id that no other saved address has"))
      ),
      validation_errors: Schema.optionalKey(Complaints)
    })
  })
})
export type AddressRequest = typeof AddressRequest.Type

export interface RequestInput {
  /** 1 to 1024 characters. */
  readonly body: string
}

/**
 * Asks where a person is; they answer with `LocationReceived` (Meta's `location_request_message`).
 *
 * **Example** (A ride)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const where = Message.requestLocation({ body: "Where should we pick you up?" })
 * ```
 */
export const requestLocation = (input: RequestInput, options?: Options): Interactive<LocationRequest> =>
  interactive(
    { type: "location_request_message", body: { text: input.body }, action: { name: "send_location" } },
    options
  )

/**
 * Asks a person for their phone number, which they may hide behind a user name (Meta's `request_contact_info`).
 *
 * **Example** (A number to call)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const number = Message.requestContact({ body: "Please share your number" })
 * ```
 */
export const requestContact = (input: RequestInput, options?: Options): Interactive<ContactRequest> =>
  interactive(
    { type: "request_contact_info", body: { text: input.body }, action: { name: "request_contact_info" } },
    options
  )

export interface AddressInput extends Around {
  /** ISO 3166 code, as in `IN`, the only country Meta documents. */
  readonly country: string
  /** What the form is filled with beforehand, under Meta's names. @default none */
  readonly values?: Address | undefined
  /** Addresses to choose from. @default none */
  readonly savedAddresses?: ReadonlyArray<{ readonly id: string; readonly value: Address }> | undefined
  /** What is wrong with an address that was sent before, by the name of its part. @default none */
  readonly validationErrors?: { readonly [Part in keyof Address]?: string } | undefined
}

/**
 * Asks for an address, for people in India (Meta's `address_message`).
 *
 * **Gotchas**
 *
 * A phone that cannot show the form makes a failed status later, and no error when it is sent.
 *
 * **Example** (A form that is filled in part)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const form = Message.requestAddress({
 *   body: "Where to?",
 *   country: "IN",
 *   values: { name: "Ira", in_pin_code: "400063" },
 *   savedAddresses: [{ id: "home", value: { city: "Mumbai", address: "Road 4" } }]
 * })
 * ```
 */
export const requestAddress = (input: AddressInput, options?: Options): Interactive<AddressRequest> =>
  interactive(
    {
      type: "address_message",
      ...surround(input),
      action: {
        name: "address_message",
        parameters: given({
          country: input.country,
          values: input.values,
          saved_addresses: input.savedAddresses,
          validation_errors: input.validationErrors
        })
      }
    },
    options
  )
