/** What stands in a delivery in the place of an item that was erased, so that those behind it keep their positions. */
import type * as Schema from "effect/Schema"
import { isJsonObject } from "../../wire/Json.ts"

const name = "effect-whatsapp:forgotten"

export const forgotten: Schema.JsonObject = { [name]: true }

/** Whether an item was erased: then it is no item any more. */
export const isForgotten = (raw: Schema.Json): boolean => isJsonObject(raw) && raw[name] === true
