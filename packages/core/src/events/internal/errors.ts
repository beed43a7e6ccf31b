import type * as Domain from "../../domain/MetaError.ts"
import { first, present } from "../../internal/present.ts"
import type * as Wire from "../../wire/MetaError.ts"

/** Errors in our words. One without a code is still an error, and its texts may say which. */
export const errorsOf = (errors: Wire.MetaErrors | null | undefined): ReadonlyArray<Domain.MetaError> =>
  (errors ?? []).flatMap((error) => {
    if (error === null) return []
    const { code, details, error_data, href, message, title } = error
    return [{ code: code ?? 0, ...present({ title, message, details: first(error_data?.details, details), href }) }]
  })
