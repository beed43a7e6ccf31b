/** An item of `user_actions`: somebody, whom Meta does not name, tapped a link in a marketing message. */
import * as Schema from "effect/Schema"
import { lenient, Text, UnixSeconds } from "./scalars.ts"

export const UserAction = Schema.Struct({
  action_type: Text,
  timestamp: UnixSeconds,
  marketing_messages_link_click_data: lenient(
    Schema.Struct({
      click_component: lenient(Text),
      click_id: lenient(Text),
      tracking_token: lenient(Text),
      product_id: lenient(Text),
      client_user_agent: lenient(Text)
    })
  )
})
