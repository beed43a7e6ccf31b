/** `whatsapp_config_status`: what is configured, without a single value. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as McpServer from "effect/ai/McpServer"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Layer from "effect/Layer"
import { Scaffold } from "../project/Project.ts"
import { type Variable, variables } from "../project/variables.ts"
import { looksHere } from "./internal/hints.ts"
import { type Variables, Workplace } from "./Workplace.ts"

const State = Schema.Literals(["present", "missing", "malformed", "placeholder", "default"])

const VariableStatus = Schema.Struct({
  name: Schema.String,
  what: Schema.String,
  /** `placeholder`: still the value of the example file. `default`: not set, and need not be. */
  state: State,
  source: Schema.optionalKey(Schema.Literals(["environment", ".env"])),
  isSecret: Schema.Boolean,
  /** What cannot be done without it. */
  neededTo: Schema.optionalKey(Schema.String),
  default: Schema.optionalKey(Schema.String),
  /** Where its value comes from. */
  from: Schema.optionalKey(Schema.String)
})

const Success = Schema.Struct({
  canSend: Schema.Boolean,
  canReceive: Schema.Boolean,
  variables: Schema.Array(VariableStatus),
  envFile: Schema.Literals(["none", "read", "unreadable"]),
  project: Schema.Struct({ hasPackageJson: Schema.Boolean, scaffold: Scaffold })
})

const tool = Tool.make("whatsapp_config_status", {
  description:
    "Which variables of the bot are set, missing, malformed or still a placeholder, in the environment of this server and in the .env of the project, and which files of src/whatsapp/ exist. Never shows a value.",
  success: Success
})
  .annotateMerge(looksHere)
  .annotate(Tool.Title, "WhatsApp configuration")

const toolkit = Toolkit.make(tool)

const stateOf = Effect.fnUntraced(function* (name: string, variable: Variable, { valueOf }: Variables) {
  const found = yield* valueOf(name)
  const fallback = "default" in variable.without
  if (found === undefined || found.value.trim() === "") return { state: fallback ? "default" : "missing" } as const
  const { source, value } = found
  const isDefault = "default" in variable.without && variable.without.default.includes(variable.placeholder)
  if (value.trim() === variable.placeholder && !isDefault) return { state: "placeholder", source } as const
  const parsed = yield* Effect.exit(variable.config.parse(ConfigProvider.fromEnvRecord({ [name]: value })))
  return { state: Exit.isSuccess(parsed) ? "present" : "malformed", source } as const
})

const statusOf = Effect.fnUntraced(function* (
  name: string,
  variable: Variable,
  all: Variables
): Effect.fn.Return<typeof VariableStatus.Type> {
  const { from, isSecret, what, without } = variable
  return {
    name,
    what,
    ...(yield* stateOf(name, variable, all)),
    isSecret,
    ...("cannot" in without ? { neededTo: without.cannot } : { default: without.default.replaceAll("`", "") }),
    ...(from === undefined ? {} : { from })
  }
})

const table: { readonly [name: string]: Variable } = variables

export const layer = McpServer.toolkit(toolkit).pipe(
  Layer.provide(
    toolkit.toLayer(
      Effect.gen(function* () {
        const workplace = yield* Workplace
        return {
          whatsapp_config_status: Effect.fnUntraced(function* () {
            const all = yield* workplace.variables
            const { hasManifest, scaffold } = yield* workplace.project
            const statuses = yield* Effect.forEach(Object.entries(table), ([name, variable]) =>
              statusOf(name, variable, all)
            )
            // A value that cannot be read stops the start, also of what could do without.
            const can = (what: string) =>
              statuses.every(({ neededTo, state }) =>
                neededTo === undefined ? state !== "malformed" : neededTo !== what || state === "present"
              )
            return {
              canSend: can("send"),
              canReceive: can("receive"),
              variables: statuses,
              envFile: all.file,
              project: { hasPackageJson: hasManifest, scaffold }
            }
          })
        }
      })
    )
  )
)
