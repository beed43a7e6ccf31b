import type * as Domain from "../../domain/MetaError.ts"
import { first, present } from "../../internal/present.ts"
import type * as Wire from "../../wire/MetaError.ts"
import { readable } from "./decoder.ts"

/** An error in our words. One without a code is still an error, and its texts may say which. */
export const errorOf = ({ code, details, error_data, href, message, title }: Wire.MetaError): Domain.MetaError => ({
  code: code ?? 0,
  ...present({ title, message, details: first(error_data?.details, details), href })
})

/** A list of them; what is no error at all is left out. */
export const errorsOf = (errors: Wire.MetaErrors | null | undefined): ReadonlyArray<Domain.MetaError> =>
  errors ? readable(errors).map(errorOf) : []
