/** `whatsapp_emulator_…`: a local Meta to try the bot against, with made-up customers and made-up credentials. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as McpServer from "effect/ai/McpServer"
import { Activity, type Attempt, type Customer, type Sent } from "../emulator/CloudApiEmulator.ts"
import { credentials, Emulated, type Happening, type Running } from "./Emulated.ts"
import { write } from "./internal/customerMessage.ts"
import {
  type Answer,
  defaultPhone,
  defaultWebhookUrl,
  type Happened,
  type State,
  toolkit,
  type Try
} from "./internal/emulatorTools.ts"
import { ToolError } from "./internal/ToolError.ts"
import { Workplace } from "./Workplace.ts"

/** Whether a URL leads to this machine: deliveries must not be posted into somebody's network. */
const isLocal = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { hostname, password, protocol, username } = new URL(text)
  const isPlain = username === "" && password === ""
  return isPlain && /^https?:$/.test(protocol) && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

const stateOf = ({ emulator, webhookUrl }: Running): typeof State.Type => {
  const { pathname, port, protocol } = new URL(webhookUrl)
  return {
    url: emulator.url,
    webhookUrl,
    env: {
      WHATSAPP_API_URL: emulator.url,
      WHATSAPP_ACCESS_TOKEN: credentials.accessToken,
      WHATSAPP_PHONE_NUMBER_ID: credentials.phoneNumberId,
      WHATSAPP_BUSINESS_ACCOUNT_ID: credentials.businessAccountId,
      WHATSAPP_APP_SECRET: credentials.appSecret,
      WHATSAPP_VERIFY_TOKEN: credentials.verifyToken,
      WHATSAPP_WEBHOOK_PATH: pathname,
      PORT: port === "" ? (protocol === "https:" ? "443" : "80") : port
    }
  }
}

const answerOf = ({ at, body, replyTo, text, type, wamid }: Sent): typeof Answer.Type => ({
  wamid,
  type,
  text,
  body,
  at: DateTime.formatIso(at),
  ...(replyTo === undefined ? {} : { replyTo })
})

const tryOf = ({ at, ...attempt }: Attempt): typeof Try.Type => ({ ...attempt, at: DateTime.formatIso(at) })

/** More answers at once than this would fill the memory of an agent. */
const most = 20

/** What a customer got after the first `after` messages; waits until that is something. */
const answersAfter = Effect.fnUntraced(function* (
  { emulator }: Running,
  customer: Customer,
  after: number,
  waitSeconds: number
) {
  const isThere = Effect.map(customer.received, (all) => all.length > after)
  if (waitSeconds > 0 && !(yield* isThere)) {
    yield* emulator.activity.pipe(
      Stream.filter(({ _tag }) => _tag === "Accepted"),
      Stream.takeUntilEffect(() => isThere),
      Stream.runDrain,
      Effect.timeoutOption(Duration.seconds(waitSeconds))
    )
  }
  const all = yield* customer.received
  const shown = all.slice(after, after + most)
  return { answers: shown.map(answerOf), next: shown.length === 0 ? all.length : after + shown.length }
})

const summaryOf = Activity.$match({
  Wrote: ({ part }) => `${part.person.phone ?? "somebody"} wrote ${part.wamid}: ${JSON.stringify(part.message)}`,
  Attempted: ({ attempt }) =>
    `delivery ${attempt.deliveryId}, try ${attempt.number}: ${attempt.status ?? attempt.failure ?? "no answer"}`,
  Accepted: ({ sent }) => `the bot sent ${sent.wamid} to ${sent.to}: ${sent.text}`,
  Refused: ({ code, details }) => `refused with code ${code}: ${details}`,
  Ticked: ({ tick, wamid }) => `${wamid} is ${tick}`,
  Seen: ({ typing, wamid }) => `the bot read ${wamid}${typing ? " and is typing" : ""}`
})

const happenedOf = ({ activity, at, number }: Happening): typeof Happened.Type => ({
  number,
  at: DateTime.formatIso(at),
  what: activity._tag,
  summary: summaryOf(activity).slice(0, 1000)
})

export const layer = McpServer.toolkit(toolkit).pipe(
  Layer.provide(
    toolkit.toLayer(
      Effect.gen(function* () {
        const emulated = yield* Emulated
        const workplace = yield* Workplace
        const files = yield* FileSystem.FileSystem
        const person = ({ emulator }: Running, phone: string = defaultPhone, name?: string) =>
          emulator.customer({ phone, ...(name === undefined ? {} : { name }) })
        return {
          whatsapp_emulator_start: ({ webhookUrl = defaultWebhookUrl }) =>
            isLocal(webhookUrl)
              ? Effect.map(emulated.start(webhookUrl), stateOf)
              : Effect.fail(
                  new ToolError({
                    message: "webhookUrl must be an http or https URL on this machine (localhost, 127.0.0.1 or [::1])"
                  })
                ),
          whatsapp_emulator_verify: Effect.fnUntraced(function* () {
            const { emulator } = yield* emulated.running
            return yield* Effect.match(emulator.verifyWebhook(credentials.verifyToken), {
              onSuccess: () => ({ verified: true }),
              onFailure: ({ message }) => ({ verified: false, problem: message })
            })
          }),
          whatsapp_emulator_message: Effect.fnUntraced(function* ({
            name,
            phone,
            replyTo,
            waitSeconds = 5,
            ...content
          }) {
            const running = yield* emulated.running
            const customer = yield* person(running, phone, name)
            const before = (yield* customer.received).length
            const options = replyTo === undefined ? {} : { replyTo }
            const delivery = yield* write(customer, content, options, files, workplace)
            const wait = delivery.first.status === 200 ? waitSeconds : 0
            return {
              wamid: delivery.wamid,
              webhook: tryOf(delivery.first),
              ...(yield* answersAfter(running, customer, before, wait))
            }
          }),
          whatsapp_emulator_answers: Effect.fnUntraced(function* ({ after = 0, phone, waitSeconds = 5 }) {
            const running = yield* emulated.running
            return yield* answersAfter(running, yield* person(running, phone), after, waitSeconds)
          }),
          whatsapp_emulator_activity: Effect.fnUntraced(function* ({ after = 0 }) {
            const { emulator, log } = yield* emulated.running
            const failed = (yield* emulator.attempts).filter(({ status }) => status !== 200)
            return {
              happened: log()
                .filter(({ number }) => number > after)
                .slice(-100)
                .map(happenedOf),
              failedDeliveries: failed.slice(-100).map(tryOf)
            }
          }),
          whatsapp_emulator_reset: () => Effect.map(emulated.reset, stateOf),
          whatsapp_emulator_stop: () => Effect.map(emulated.stop, (wasRunning) => ({ wasRunning }))
        }
      })
    )
  )
)
