/** `effect-whatsapp send`: one message, checked by the same schemas and sent by the same client as a program's. */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Recipient } from "@effect-whatsapp/core/message"
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as SchemaParser from "effect/SchemaParser"
import * as CliError from "effect/cli/CliError"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { kinds } from "./internal/fileMessage.ts"
import { readStdin, readText } from "./internal/input.ts"
import { firstProblem } from "../internal/problems.ts"
import { configFailure, Failure, Usage } from "./internal/outcome.ts"
import { type Input, sendable } from "./internal/sendable.ts"

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)
const readRecipient = (value: string) =>
  Effect.mapError(
    parseRecipient(value),
    (issue) => new CliError.InvalidValue({ option: "TO", value, expected: firstProblem(issue), kind: "argument" })
  )

/** What happened, and what to do about it. */
const explain = ({ advice, callbackData, method, reason, verdict }: WhatsAppError): Failure => {
  const code = "code" in reason ? ` (Meta's code ${reason.code})` : ""
  if (verdict._tag === "Ambiguous") {
    const settles = callbackData === undefined ? "" : ` A status with the callback data ${callbackData} will tell.`
    return new Failure({ message: `Unknown whether it was sent: ${reason._tag}, ${reason.details}${code}.${settles}` })
  }
  const what = method === "WhatsAppClient.uploadMedia" ? "Not sent, as the file could not be uploaded" : "Not sent"
  const also = reason.details === advice ? "" : ` ${advice}`
  return new Failure({ message: `${what}: ${reason._tag}, ${reason.details}${code}.${also}` })
}

const given = <A>(option: Option.Option<A>) => Option.getOrUndefined(option)

const deliver = Effect.fnUntraced(function* (to: Recipient, input: Input) {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  const what = yield* sendable(to, input)
  if (what._tag === "Message") return (yield* whatsapp.send(to, what.message, what.options)).wamid
  const { message_id: wamid, typing_indicator } = what.receipt
  yield* typing_indicator === undefined ? whatsapp.markRead({ wamid }) : whatsapp.typing({ wamid })
  return wamid
})

const sendOnce = (to: Recipient, input: Input) =>
  deliver(to, input).pipe(
    Effect.provide(WhatsAppClient.layerConfig),
    Effect.catchTags({
      ConfigError: (error) => Effect.fail(configFailure(error)),
      WhatsAppError: (error) =>
        Effect.fail(
          error.reason._tag === "InvalidMessage" ? new Usage({ message: error.reason.details }) : explain(error)
        )
    })
  )

export const send = Command.make(
  "send",
  {
    to: Argument.String("TO").pipe(
      Argument.withDescription("A phone number with country code, a BSUID or a group id"),
      Argument.mapEffect(readRecipient)
    ),
    text: Argument.String("TEXT").pipe(
      Argument.withDescription(
        "What to write, at most 4096 characters, or beside a file 1024; - reads it from standard input"
      ),
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
    raw: Flag.Boolean("raw").pipe(
      Flag.withDescription("Send the JSON of --message as it is, unchecked: for what is newer than this version"),
      Flag.withDefault(false)
    ),
    file: Flag.String("file").pipe(
      Flag.withDescription("A file to upload and send, or the link of one that Meta fetches; TEXT is its caption"),
      Flag.optional
    ),
    kind: Flag.Literals("as", kinds).pipe(
      Flag.withDescription("What the file is sent as. Default: by its extension, else a document"),
      Flag.optional
    ),
    type: Flag.String("type").pipe(
      Flag.withDescription("MIME type of the file, as in text/csv. Default: by its extension"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription(`Print {"wamid": …}`), Flag.withDefault(false))
  },
  Effect.fnUntraced(function* ({ file, json, kind, message, messageFile, raw, text, to, type }) {
    const ways = [message, messageFile, Option.orElse(file, () => text)].filter(Option.isSome)
    if (ways.length !== 1) {
      return yield* new Usage({ message: "Give one of TEXT, --file, --message and --message-file" })
    }
    if (raw && Option.isNone(message) && Option.isNone(messageFile)) {
      return yield* new Usage({ message: "--raw goes with --message or --message-file" })
    }
    if (Option.isNone(file) && (Option.isSome(kind) || Option.isSome(type))) {
      return yield* new Usage({ message: "--as and --type go with --file" })
    }
    const path = given(messageFile)
    const wamid = yield* sendOnce(to, {
      text: given(text) === "-" ? yield* readStdin : given(text),
      json: given(message) ?? (path === undefined ? undefined : yield* readText(path)),
      raw,
      file: given(file),
      kind: given(kind),
      type: given(type)
    })
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
    },
    {
      command: `effect-whatsapp send 15551230000 "Today's menu" --file menu.jpg`,
      description: "A photo with a caption"
    },
    {
      command: "effect-whatsapp send 15551230000 --file https://example.com/menu.pdf",
      description: "A document that Meta fetches"
    }
  ])
)
