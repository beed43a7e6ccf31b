/**
 * `whatsapp_send_message`: one message to one person, which is there only when the server was started to send. A person
 * is asked before, who sees to whom it goes and all of it.
 */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Recipient } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as McpSchema from "effect/ai/McpSchema"
import * as McpServer from "effect/ai/McpServer"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import { firstProblem } from "../internal/problems.ts"
import * as Confirmation from "./internal/Confirmation.ts"
import { configFailure, metaFailure } from "./internal/failures.ts"
import { sends } from "./internal/hints.ts"
import { ToolError } from "./internal/ToolError.ts"
import { Workplace } from "./Workplace.ts"

export interface Options {
  /** Whether nobody is asked. @default false */
  readonly withoutConfirmation?: boolean
}

/** More than this nobody would read before saying yes. */
const maxShown = 8000

const Parameters = Schema.Struct({
  to: Schema.String.annotate({ description: "A phone number with country code, a BSUID or a group id" }),
  message: Schema.JsonObject.annotate({
    description: `The message as Meta documents it for POST /messages, as in {"type":"text","text":{"body":"On our way"}}`
  })
})

const tool = Tool.make("whatsapp_send_message", {
  description:
    "Sends one real WhatsApp message. A person is asked first, who sees the recipient and the message, unless the server was started with --without-confirmation. Outside of the 24 hours after a customer wrote, only a template may be sent. When the outcome is unknown, do not send again: a status tells.",
  parameters: Parameters,
  success: Schema.Struct({ wamid: Schema.String }),
  failure: ToolError
})
  .annotateMerge(sends)
  .annotate(Tool.Title, "Send a WhatsApp message")

const toolkit = Toolkit.make(tool)

const parseParameters = SchemaParser.decodeUnknownEffect(Parameters)
const parseRecipient = SchemaParser.decodeUnknownEffect(Recipient.Recipient)
const parseBody = SchemaParser.decodeEffect(SendMessage.MessageBody)

/** Also fillers, selectors and wide spaces, which look like nothing; an ordinary space stays. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu

/** The text with everything written out that hides, turns or breaks the text around it: a person decides by it. */
const visible = (text: string): string =>
  text.replace(invisible, (it) => `\\u{${it.codePointAt(0)?.toString(16) ?? ""}}`)

/** Checks everything that can be checked before a person is asked. */
const prepare = Effect.fnUntraced(function* ({ message, to }: typeof Parameters.Type) {
  const recipient = yield* Effect.mapError(
    parseRecipient(to),
    () => new ToolError({ message: "`to` is no phone number with country code, no BSUID and no group id" })
  )
  const body = yield* Effect.mapError(
    parseBody(message),
    (issue) => new ToolError({ message: `The message is not one that can be sent: ${firstProblem(issue)}` })
  )
  const { to: named, message: content, ...options } = body
  if (named !== undefined && Recipient.format(named) !== Recipient.format(recipient)) {
    return yield* new ToolError({ message: "The message has a `to` of its own, and it is not `to`" })
  }
  const shown = visible(JSON.stringify(message))
  if (shown.length > maxShown) {
    return yield* new ToolError({ message: `The message is longer than the ${maxShown} characters that can be shown` })
  }
  const question = `Send this WhatsApp message to ${visible(Recipient.format(recipient))}?\n${shown}`
  return { recipient, content, options, question }
})

const refusal = (message: string) =>
  new McpSchema.CallToolResult({ isError: true, content: [{ type: "text", text: message }] })

const unable =
  "This client cannot ask a person (elicitation), so nothing was sent. Start the server with --without-confirmation to send without asking."

/** Puts the question before the tool. */
const layerAsking = Layer.effect(
  McpServer.McpServer,
  Effect.gen(function* () {
    const server = yield* McpServer.McpServer
    const confirm = yield* Confirmation.make
    const asking = (options: Parameters<typeof server.addTool>[0]) => ({
      ...options,
      handle: Effect.fnUntraced(function* (payload: unknown) {
        const prepared = yield* Effect.option(Effect.flatMap(parseParameters(payload), prepare))
        // What cannot be sent fails in the tool, with its own words.
        if (Option.isNone(prepared)) return yield* options.handle(payload)
        const verdict = yield* confirm(prepared.value.question)
        switch (verdict._tag) {
          case "Confirmed":
            return yield* options.handle(payload)
          case "Refused":
            return refusal("The person did not agree, so nothing was sent.")
          case "Unable":
            return refusal(unable)
          case "Asked":
            return verdict.request
        }
      })
    })
    return { ...server, addTool: (options) => server.addTool(asking(options)) }
  })
)

export const layer = ({ withoutConfirmation = false }: Options = {}) =>
  McpServer.toolkit(toolkit).pipe(
    (registration) => (withoutConfirmation ? registration : Layer.provide(registration, layerAsking)),
    Layer.provide(
      toolkit.toLayer(
        Effect.gen(function* () {
          const { variables } = yield* Workplace
          return {
            whatsapp_send_message: Effect.fnUntraced(
              function* (input) {
                const { content, options, recipient } = yield* prepare(input)
                const { provider } = yield* variables
                const whatsapp = Effect.flatMap(WhatsAppClient.WhatsAppClient, (client) =>
                  client.send(recipient, content, options)
                )
                const layer = Layer.provide(WhatsAppClient.layerConfig, ConfigProvider.layer(provider))
                const { wamid } = yield* Effect.provide(whatsapp, layer)
                return { wamid }
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
