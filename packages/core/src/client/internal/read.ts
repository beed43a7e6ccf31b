/**
 * Read receipts and the typing indicator. Both may be made again without harm. Meta pages: "Mark messages as read",
 * "Typing indicators".
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { MessageId } from "../../domain/Ids.ts"
import { InvalidMessage } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import type { ReadReceipt } from "../../wire/ReadReceipt.ts"
import type { Inbound, WhatsAppClient } from "../WhatsAppClient.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import * as Graph from "./graph.ts"

const decodeSuccess = SchemaParser.decodeUnknownResult(Schema.Struct({ success: Schema.Literal(true) }))

const checkInbound = SchemaParser.decodeUnknownEffect(Schema.Struct({ wamid: MessageId.check(Schema.isNonEmpty()) }))

const invalid = (method: string) => {
  const details = "wamid: expected the id of a message that was received"
  return new WhatsAppError({ method, reason: new InvalidMessage({ field: "wamid", details }) })
}

export const make = (
  config: WhatsAppConfig["Service"],
  http: HttpClient.HttpClient
): Pick<WhatsAppClient["Service"], "markRead" | "typing"> => {
  const call = Graph.make(http)

  const tell = Effect.fnUntraced(function* (method: string, message: Inbound, isTyping: boolean) {
    const { wamid } = yield* Effect.mapError(checkInbound(message), () => invalid(method))
    const { from, token } = yield* Graph.numberOf(config, method, message.phoneNumberId)
    yield* Effect.annotateCurrentSpan({ "whatsapp.phone_number_id": from })
    const body: ReadReceipt = {
      messaging_product: "whatsapp",
      status: "read",
      message_id: wamid,
      ...(isTyping ? { typing_indicator: { type: "text" } } : {})
    }
    yield* call({
      method,
      token,
      request: HttpClientRequest.post(Graph.urlOf(config, from, "messages")).pipe(
        HttpClientRequest.bodyJsonUnsafe(body)
      ),
      decode: decodeSuccess
    })
  })

  return {
    markRead: Effect.fn("WhatsAppClient.markRead")((message: Inbound) =>
      tell("WhatsAppClient.markRead", message, false)
    ),
    typing: Effect.fn("WhatsAppClient.typing")((message: Inbound) => tell("WhatsAppClient.typing", message, true))
  }
}
