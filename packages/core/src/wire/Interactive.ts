/** The object under `interactive`: its `type` names the key of its payload. */
import * as Schema from "effect/Schema"
import { lenient, Number, ownId, Text, UnixSeconds, YesNo } from "./scalars.ts"

const ownText = ownId(Schema.String)

/** Which payload it holds; left out now and then, and then the only payload tells it. */
export const Kind = Schema.Struct({ type: lenient(Text) })

/** `button_reply`: a reply button. */
export const ButtonReply = Schema.Struct({ id: ownText, title: lenient(Text) })

/** `list_reply`: a row of a list. */
export const ListReply = Schema.Struct({ id: ownText, title: lenient(Text), description: lenient(Text) })

/** `nfm_reply`: a Flow or another native flow; `response_json` is JSON inside a string. */
export const NfmReply = Schema.Struct({
  name: lenient(Text),
  body: lenient(Text),
  response_json: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.JsonObject])))
})

/** What an address form was filled with, inside `response_json`; its members differ from country to country. */
export const AddressForm = Schema.Struct({
  saved_address_id: lenient(Text),
  values: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Json)))
})

/** `call_permission_reply`. */
export const CallPermissionReply = Schema.Struct({
  response: Text,
  is_permanent: lenient(YesNo),
  expiration_timestamp: lenient(UnixSeconds),
  response_source: lenient(Text)
})

/** `payment_method`: Brazil's one-click payments. */
export const PaymentMethod = Schema.Struct({
  payment_method: lenient(Text),
  payment_timestamp: lenient(UnixSeconds),
  reference_id: ownText,
  last_four_digits: lenient(Text),
  credential_id: ownText
})

/** The object under `order`. */
export const Order = Schema.Struct({
  catalog_id: lenient(Text),
  text: lenient(Text),
  product_items: Schema.Array(
    Schema.Struct({
      product_retailer_id: ownText,
      quantity: Number,
      item_price: lenient(Number),
      currency: lenient(Text)
    })
  )
})
