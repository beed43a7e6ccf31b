/** Every command, without anything that runs it. */
import { inbox } from "./inbox.ts"
import { listen } from "./listen.ts"
import { replay } from "./replay.ts"
import { send } from "./send.ts"
import { templates } from "./templates.ts"

export const commands: readonly [typeof listen, typeof send, typeof inbox, typeof replay, typeof templates] = [
  listen,
  send,
  inbox,
  replay,
  templates
]
