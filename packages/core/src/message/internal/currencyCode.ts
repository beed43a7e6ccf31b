import * as Schema from "effect/Schema"

/** Schema for a currency by ISO 4217, as in `EUR`. */
export const CurrencyCode = Schema.String.check(
  Schema.isPattern(/^[A-Z]{3}$/, { expected: "a currency code of three capitals" })
)
