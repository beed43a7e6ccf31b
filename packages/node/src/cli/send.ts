/** `effect-whatsapp send`: one message, checked by the same schemas and sent by the same client as a program's. */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message, Recipient } from "@effect-whatsapp/core/message"
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import { SendMessage } from "@effect-whatsapp/core/wire"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as CliError from "effect/cli/CliError"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { configFailure, Failure, firstProblem, Usage } from "./internal/outcome.ts"

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)
const readRecipient = (value: string) =>
  Effect.mapError(
    parseRecipient(value),
    (issue) => new CliError.InvalidValue({ option: "TO", value, expected: firstProblem(issue), kind: "argument" })
  )

const readStdin = Effect.flatMap(Stdio.Stdio, ({ stdin }) => Stream.mkString(Stream.decodeText(stdin))).pipe(
  Effect.mapError(() => new Failure({ message: "Standard input could not be read" }))
)

const readFile = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  return yield* Effect.mapError(
    files.readFileString(path),
    () => new Failure({ message: `The file ${path} could not be read` })
  )
})

const parse = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(SendMessage.MessageBody))

/** A body as Meta documents it. What our schema does not know is refused here and not at Meta. */
const fromJson = Effect.fnUntraced(function* (to: Recipient, json: string) {
  const body = yield* Effect.mapError(
    parse(json),
    (issue) => new Usage({ message: `The message is not one that can be sent: ${firstProblem(issue)}` })
  )
  if (body.to !== undefined && Recipient.format(body.to) !== Recipient.format(to)) {
    return yield* new Usage({ message: "The message has a `to` of its own, and it is not TO" })
  }
  return body
})

/** Advice for what a person at a terminal can do something about. */
const explain = ({ reason, verdict, callbackData }: WhatsAppError): Failure => {
  const code = "code" in reason ? ` (Meta's code ${reason.code})` : ""
  if (verdict._tag === "Ambiguous") {
    const settles = callbackData === undefined ? "" : ` A status with the callback data ${callbackData} will tell.`
    return new Failure({ message: `Unknown whether it was sent: ${reason._tag}, ${reason.details}${code}.${settles}` })
  }
  const advice =
    reason._tag === "WindowClosed"
      ? " Over 24 hours have passed since this person wrote; only a template may be sent."
      : ""
  return new Failure({ message: `Not sent: ${reason._tag}, ${reason.details}${code}.${advice}` })
}

type Body = Pick<SendMessage.MessageBody, "message" | "callbackData">

const sendOnce = (to: Recipient, { callbackData, message }: Body) =>
  Effect.flatMap(WhatsAppClient.WhatsAppClient, (whatsapp) => whatsapp.send(to, message, { callbackData })).pipe(
    Effect.provide(WhatsAppClient.layerConfig),
    Effect.catchTags({
      ConfigError: (error) => Effect.fail(configFailure(error)),
      WhatsAppError: (error) =>
        Effect.fail(
          error.reason._tag === "InvalidMessage" ? new Usage({ message: error.reason.details }) : explain(error)
        )
    })
  )

const given = <A>(option: Option.Option<A>) => Option.getOrUndefined(option)

export const send = Command.make(
  "send",
  {
    to: Argument.String("TO").pipe(
      Argument.withDescription("A phone number with country code, a BSUID or a group id"),
      Argument.mapEffect(readRecipient)
    ),
    text: Argument.String("TEXT").pipe(
      Argument.withDescription("What to write, at most 4096 characters; - reads it from standard input"),
      Argument.optional
    ),
    message: Flag.String("message").pipe(
      Flag.withDescription("Any message, as the JSON body that Meta documents for POST /messages"),
      Flag.optional
    ),
    messageFile: Flag.String("message-file").pipe(
      Flag.withDescription("The same from a file; - is standard input"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription(`Print {"wamid": …}`), Flag.withDefault(false))
  },
  Effect.fnUntraced(function* ({ json, message, messageFile, text, to }) {
    const [one, ...more] = [text, message, messageFile].filter(Option.isSome)
    if (one === undefined || more.length > 0) {
      return yield* new Usage({ message: "Give one of TEXT, --message and --message-file" })
    }
    const file = given(messageFile)
    const body = Option.isSome(text)
      ? { message: Message.text(text.value === "-" ? yield* readStdin : text.value) }
      : yield* fromJson(to, given(message) ?? (yield* file === undefined || file === "-" ? readStdin : readFile(file)))
    const { wamid } = yield* sendOnce(to, body)
    yield* Console.log(json ? JSON.stringify({ wamid }) : wamid)
  })
).pipe(
  Command.withDescription(
    "Send a message, with WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID from the environment"
  ),
  Command.withExamples([
    { command: `effect-whatsapp send "+39 340 123 4567" "On our way"`, description: "A text" },
    { command: "date | effect-whatsapp send 15551230000 - --json", description: "A text from another program" },
    { command: `effect-whatsapp send 15551230000 -- "-5 degrees"`, description: "A text that starts with a dash" },
    {
      command: `effect-whatsapp send 15551230000 --message '{"template":{"name":"hello_world","language":{"code":"en_US"}}}'`,
      description: "A template"
    }
  ])
)
