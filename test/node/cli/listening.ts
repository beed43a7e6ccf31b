/** `effect-whatsapp listen` as a process, and Meta on the other side. */
import { assert } from "@effect/vitest"
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Context, Effect, Layer, Schema } from "effect"
import { createHmac } from "node:crypto"
import * as CommandLine from "./commandLine.ts"
import * as Http from "./http.ts"

export const appSecret = "app-secret-orchid"
export const verifyToken = "verify-token-orchid"
export const environment = { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken }

export const sign = (body: Uint8Array, secret = appSecret) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`

export const signed = (body: Uint8Array, secret = appSecret) => ({ "x-hub-signature-256": sign(body, secret) })

const Line = Schema.fromJsonString(WhatsAppEvent)
export const decode = Schema.decodeEffect(Line)

export interface Listening extends CommandLine.Running {
  readonly url: string
  /** Delivers under a correct signature and asserts that it was accepted. */
  readonly deliver: (...bodies: ReadonlyArray<Uint8Array>) => Effect.Effect<void>
  /** The next `count` events that are printed; asserts that nothing else is. */
  readonly events: (count: number) => Effect.Effect<ReadonlyArray<WhatsAppEvent>>
}

export const listen = Effect.fnUntraced(function* (
  args: ReadonlyArray<string> = [],
  env: { readonly [name: string]: string } = environment
) {
  const running = yield* CommandLine.start(["listen", "--port", "0", ...args], { env })
  const ready = yield* running.complaint
  const url = ready.replace(/^listening on /, "")
  assert.match(ready, /^listening on http:\/\//)

  const deliver = Effect.fnUntraced(function* (...bodies: ReadonlyArray<Uint8Array>) {
    for (const body of bodies) {
      const answer = yield* Http.post(url, body, signed(body))
      assert.deepStrictEqual(answer, { status: 200, contentType: "application/json", body: `{"received":true}` })
    }
  })
  const event = Effect.flatMap(running.line, (line) => Effect.orDie(decode(line)))
  let markers = 0
  const events = Effect.fnUntraced(function* (count: number) {
    const found = yield* Effect.replicateEffect(event, count)
    const marker = `wamid.marker.${markers++}`
    yield* deliver(Delivery.text(marker))
    const last = yield* event
    assert.strictEqual("wamid" in last ? last.wamid : last._tag, marker, "something else was printed")
    return found
  })
  const listening: Listening = { ...running, url, deliver, events }
  return listening
})

/** Service that is one listening process for several tests. */
export class Server extends Context.Service<Server, Listening>()("effect-whatsapp/test/node/cli/listening/Server") {
  static readonly layer = (args?: ReadonlyArray<string>, env?: { readonly [name: string]: string }) =>
    Layer.effect(Server, listen(args, env))
}

/** Asserts that a process has not shown what must stay secret. */
export const assertNoSecret = (printed: string, ...more: ReadonlyArray<string>) => {
  for (const secret of [appSecret, verifyToken, ...more]) assert.notInclude(printed, secret)
}

export const tags = (events: ReadonlyArray<WhatsAppEvent>) => events.map(({ _tag }) => _tag)
export const wamids = (events: ReadonlyArray<WhatsAppEvent>) =>
  events.map((event) => ("wamid" in event ? event.wamid : event._tag))
export const texts = (events: ReadonlyArray<WhatsAppEvent>) =>
  events.map((event) => (event._tag === "TextReceived" ? event.text : event._tag))
