/** The tools of the emulator: what they take, and what they give. */
import * as Schema from "effect/Schema"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import { defaultPath } from "../../webhook/WebhookConfig.ts"
import { Content } from "./customerMessage.ts"
import { looksHere, playsHere } from "./hints.ts"
import { ToolError } from "./ToolError.ts"

export const defaultWebhookUrl = `http://127.0.0.1:3000${defaultPath}`
export const defaultPhone = "15551230001"

const Phone = Schema.String.check(
  Schema.isPattern(/^\d{7,15}$/, { expected: "a phone number of digits only" })
).annotate({
  description: `The phone of the customer, digits only. Default: ${defaultPhone}`
})
const Wait = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 60 })).annotate({
  description: "How many seconds to wait at most for an answer of the bot, up to 60. Default: 5"
})

export const Answer = Schema.Struct({
  wamid: Schema.String,
  type: Schema.String,
  /** What the person sees, in one line. */
  text: Schema.String,
  /** The body of the request, in Meta's words. */
  body: Schema.JsonObject,
  at: Schema.String,
  replyTo: Schema.optionalKey(Schema.String)
})

export const Try = Schema.Struct({
  deliveryId: Schema.String,
  number: Schema.Int,
  at: Schema.String,
  status: Schema.optionalKey(Schema.Int),
  failure: Schema.optionalKey(Schema.Literals(["NoAnswer", "Timeout", "NoWebhookUrl", "NotSubscribed"]))
})

export const State = Schema.Struct({
  url: Schema.String,
  webhookUrl: Schema.String,
  /** The variables to start the bot with, all made up. */
  env: Schema.Record(Schema.String, Schema.String)
})

const Answers = Schema.Struct({
  /** Since `after`, oldest first, at most 20. */
  answers: Schema.Array(Answer),
  /** What to give as `after` to see only what comes later. */
  next: Schema.Int
})

const start = Tool.make("whatsapp_emulator_start", {
  description:
    "Starts a local Meta in this process, on 127.0.0.1, and returns the variables to start the bot with; they are made up. When it runs already, only the webhook URL is set.",
  parameters: Schema.Struct({
    webhookUrl: Schema.optionalKey(
      Schema.String.annotate({
        description: `Where the bot listens, on this machine. Default: ${defaultWebhookUrl}`
      })
    )
  }),
  success: State,
  failure: ToolError
})
  .annotateMerge(playsHere)
  .annotate(Tool.Title, "Start the WhatsApp emulator")

const verify = Tool.make("whatsapp_emulator_verify", {
  description: "Makes Meta's handshake with the bot, by the made-up verify token.",
  success: Schema.Struct({ verified: Schema.Boolean, problem: Schema.optionalKey(Schema.String) }),
  failure: ToolError
})
  .annotateMerge(playsHere)
  .annotate(Tool.Title, "Verify the webhook of the bot")

const message = Tool.make("whatsapp_emulator_message", {
  description:
    "Lets a made-up customer write to the bot: exactly one of text, button, listItem, quickReply, media, location, reaction and raw. Returns what the webhook answered, and what the bot sent to the customer meanwhile.",
  parameters: Schema.Struct({
    ...Content.fields,
    phone: Schema.optionalKey(Phone),
    name: Schema.optionalKey(Schema.String.annotate({ description: "Display name of the customer" })),
    replyTo: Schema.optionalKey(Schema.String.annotate({ description: "The wamid of the message that is quoted" })),
    waitSeconds: Schema.optionalKey(Wait)
  }),
  success: Schema.Struct({ wamid: Schema.String, webhook: Try, ...Answers.fields }),
  failure: ToolError
})
  .annotateMerge(playsHere)
  .annotate(Tool.Title, "Write to the bot as a customer")

const answers = Tool.make("whatsapp_emulator_answers", {
  description:
    "What the bot sent to a customer, at most 20 at once. Waits until there is something after `after`, or the time is over.",
  parameters: Schema.Struct({
    phone: Schema.optionalKey(Phone),
    after: Schema.optionalKey(
      Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).annotate({
        description:
          "How many answers are known already: `next` of the last call, which also leads to those that are not shown yet. Default: 0"
      })
    ),
    waitSeconds: Schema.optionalKey(Wait)
  }),
  success: Answers,
  failure: ToolError
})
  .annotateMerge(looksHere)
  .annotate(Tool.Title, "What the bot answered")

export const Happened = Schema.Struct({
  number: Schema.Int,
  at: Schema.String,
  what: Schema.Literals(["Wrote", "Attempted", "Accepted", "Refused", "Ticked", "Seen"]),
  /** In one line. */
  summary: Schema.String
})

const activity = Tool.make("whatsapp_emulator_activity", {
  description:
    "What happened in the emulator, the newest 100: messages, tries to deliver, sends that were refused and why, statuses; and the tries that were not answered 200.",
  parameters: Schema.Struct({
    after: Schema.optionalKey(Schema.Int.annotate({ description: "Only what has a higher number" }))
  }),
  success: Schema.Struct({ happened: Schema.Array(Happened), failedDeliveries: Schema.Array(Try) }),
  failure: ToolError
})
  .annotateMerge(looksHere)
  .annotate(Tool.Title, "What happened in the WhatsApp emulator")

const reset = Tool.make("whatsapp_emulator_reset", {
  description: "Forgets all customers, messages and deliveries of the emulator; it stays on its port.",
  success: State,
  failure: ToolError
})
  .annotateMerge(playsHere)
  .annotate(Tool.Title, "Reset the WhatsApp emulator")

const stop = Tool.make("whatsapp_emulator_stop", {
  description: "Ends the emulator.",
  success: Schema.Struct({ wasRunning: Schema.Boolean })
})
  .annotateMerge(playsHere)
  .annotate(Tool.Title, "Stop the WhatsApp emulator")

export const toolkit = Toolkit.make(start, verify, message, answers, activity, reset, stop)
