/** `whatsapp_templates`: the templates of the account, as Meta has them now. */
import { WhatsAppAccount } from "@effect-whatsapp/core/client"
import type { Account } from "@effect-whatsapp/core/client"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as McpServer from "effect/ai/McpServer"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import { configFailure, metaFailure } from "./internal/failures.ts"
import { asksMeta } from "./internal/hints.ts"
import { ToolError } from "./internal/ToolError.ts"
import { Workplace } from "./Workplace.ts"

const most = 100
/** No template that Meta has approved is as long; more would fill the memory of an agent. */
const maxWhole = 50_000

const Listed = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  language: Schema.String,
  category: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(Schema.String),
  quality: Schema.optionalKey(Schema.String),
  rejectedReason: Schema.optionalKey(Schema.String),
  /** Meta's own node, for one template. */
  raw: Schema.optionalKey(Schema.JsonObject)
})

const tool = Tool.make("whatsapp_templates", {
  description:
    "The message templates of the business account: name, language, category, status and quality; with an id, or a name and a language, also the template itself. Needs WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID.",
  parameters: Schema.Struct({
    id: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{1,32}$/))),
    name: Schema.optionalKey(Schema.String.annotate({ description: "Exactly this name" })),
    language: Schema.optionalKey(Schema.String.annotate({ description: "As in en_US" })),
    status: Schema.optionalKey(Schema.String.annotate({ description: "In capitals, as in APPROVED" })),
    category: Schema.optionalKey(Schema.String.annotate({ description: "In capitals, as in UTILITY" }))
  }),
  success: Schema.Struct({
    templates: Schema.Array(Listed),
    /** Whether there are more than the 100 that are shown. */
    hasMore: Schema.Boolean
  }),
  failure: ToolError
})
  .annotateMerge(asksMeta)
  .annotate(Tool.Title, "WhatsApp templates")

const toolkit = Toolkit.make(tool)

const listed = (
  { raw, ...template }: Account.AccountTemplate,
  isWhole: boolean
): Effect.Effect<typeof Listed.Type, ToolError> => {
  if (!isWhole) return Effect.succeed(template)
  return JSON.stringify(raw).length > maxWhole
    ? Effect.fail(new ToolError({ message: `The template is longer than ${maxWhole} characters` }))
    : Effect.succeed({ ...template, raw })
}

export const layer = McpServer.toolkit(toolkit).pipe(
  Layer.provide(
    toolkit.toLayer(
      Effect.gen(function* () {
        const { variables } = yield* Workplace
        return {
          whatsapp_templates: Effect.fnUntraced(
            function* ({ id, ...filter }) {
              const { provider } = yield* variables
              return yield* Effect.gen(function* () {
                const account = yield* WhatsAppAccount.WhatsAppAccount
                if (id !== undefined) {
                  return { templates: [yield* listed(yield* account.template(id), true)], hasMore: false }
                }
                const found = yield* Stream.runCollect(Stream.take(account.templates(filter), most + 1))
                const isWhole = filter.name !== undefined && filter.language !== undefined
                return {
                  templates: yield* Effect.forEach(found.slice(0, most), (it) => listed(it, isWhole)),
                  hasMore: found.length > most
                }
              }).pipe(Effect.provide(Layer.provide(WhatsAppAccount.layerConfig, ConfigProvider.layer(provider))))
            },
            Effect.catchTags({
              ConfigError: (error) => Effect.fail(configFailure(error)),
              WhatsAppError: (error) => Effect.fail(metaFailure(error))
            })
          )
        }
      })
    )
  )
)
