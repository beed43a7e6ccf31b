/** Every command, without anything that runs it. */
import { doctor } from "./doctor.ts"
import { inbox } from "./inbox.ts"
import { listen } from "./listen.ts"
import { mcp } from "./mcp.ts"
import { replay } from "./replay.ts"
import { send } from "./send.ts"
import { templates } from "./templates.ts"

type Commands = readonly [
  typeof doctor,
  typeof listen,
  typeof send,
  typeof inbox,
  typeof replay,
  typeof templates,
  typeof mcp
]

/** In the order in which the help lists them. */
export const commands: Commands = [doctor, listen, send, inbox, replay, templates, mcp]
