/** The value of `user_id_update`, which Meta drafted and withdrew: here `user_id` is a pair, as nowhere else. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, optional, ownId, Phone, Text, UnixSeconds } from "./scalars.ts"

const lenientId = lenient(id(BusinessScopedUserId))

export const UserIdUpdate = Schema.Struct({
  user_id_update: Schema.Array(
    Schema.Struct({
      wa_id: optional(Phone),
      user_id: Schema.Struct({ previous: lenientId, current: ownId(BusinessScopedUserId) }),
      parent_user_id: lenient(Schema.Struct({ previous: lenientId, current: lenientId })),
      detail: lenient(Text),
      timestamp: lenient(UnixSeconds)
    })
  )
})
