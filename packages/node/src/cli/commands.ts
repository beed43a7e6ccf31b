/** Every command, without anything that runs it. */
import { add } from "./add.ts"
import { doctor } from "./doctor.ts"
import { inbox } from "./inbox.ts"
import { init } from "./init.ts"
import { listen } from "./listen.ts"
import { mcp } from "./mcp.ts"
import { replay } from "./replay.ts"
import { send } from "./send.ts"
import { templates } from "./templates.ts"

type Commands = readonly [
  typeof init,
  typeof add,
  typeof doctor,
  typeof listen,
  typeof send,
  typeof inbox,
  typeof replay,
  typeof templates,
  typeof mcp
]

/** In the order in which the help lists them. */
export const commands: Commands = [init, add, doctor, listen, send, inbox, replay, templates, mcp]
