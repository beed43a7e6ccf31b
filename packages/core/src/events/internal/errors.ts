import type * as Domain from "../../domain/MetaError.ts"
import { first, present } from "../../internal/present.ts"
import type * as Wire from "../../wire/MetaError.ts"

/** Errors in our words. */
export const errorsOf = (errors: ReadonlyArray<Wire.MetaError> | null | undefined): ReadonlyArray<Domain.MetaError> =>
  (errors ?? []).map(({ code, details, error_data, href, message, title }) => ({
    code,
    ...present({ title, message, details: first(error_data?.details, details), href })
  }))
