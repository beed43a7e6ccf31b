/** An error that stands alone, as an event. */
import * as Result from "effect/Result"
import { MetaError } from "../../wire/MetaError.ts"
import { accountOf, decode, type Decoder, fieldLane } from "./decoder.ts"
import { errorOf } from "./errors.ts"

const decodeError = decode(MetaError)

export const decodeErrorReported: Decoder = (json, around) =>
  Result.map(decodeError(json), (error) => ({
    event: { _tag: "ErrorReported" as const, ...accountOf(around), field: around.field, error: errorOf(error) },
    lane: fieldLane(around)
  }))

/** Why a history does not come. */
export const decodeHistoryDeclined: Decoder = (json, around) =>
  Result.map(decodeError(json), (error) => ({
    event: { _tag: "HistoryDeclined" as const, ...accountOf(around), error: errorOf(error) },
    lane: fieldLane(around)
  }))
