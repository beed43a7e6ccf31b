/** A shared contact card: an element of `contacts` inside a message. Not the person behind an item, see `Contact`. */
import * as Schema from "effect/Schema"
import { lenient, lenientArray, Phone, Text } from "./scalars.ts"

export const ContactCard = Schema.Struct({
  name: lenient(
    Schema.Struct({
      formatted_name: lenient(Text),
      first_name: lenient(Text),
      last_name: lenient(Text),
      middle_name: lenient(Text),
      prefix: lenient(Text),
      suffix: lenient(Text)
    })
  ),
  phones: lenient(lenientArray(Schema.Struct({ phone: lenient(Text), wa_id: lenient(Phone), type: lenient(Text) }))),
  emails: lenient(lenientArray(Schema.Struct({ email: lenient(Text), type: lenient(Text) }))),
  addresses: lenient(
    lenientArray(
      Schema.Struct({
        street: lenient(Text),
        city: lenient(Text),
        state: lenient(Text),
        zip: lenient(Text),
        country: lenient(Text),
        country_code: lenient(Text),
        type: lenient(Text)
      })
    )
  ),
  urls: lenient(lenientArray(Schema.Struct({ url: lenient(Text), type: lenient(Text) }))),
  org: lenient(Schema.Struct({ company: lenient(Text), department: lenient(Text), title: lenient(Text) })),
  birthday: lenient(Text),
  vcard: lenient(Text),
  origin: lenient(Text)
})
export type ContactCard = typeof ContactCard.Type
