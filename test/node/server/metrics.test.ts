/** The metrics of the whole server, as Prometheus reads them. */
import { assert, it } from "@effect/vitest"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, Listeners, RetryPolicy } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { WebhookConfig, WebhookPipeline } from "@effect-whatsapp/node/webhook"
import { Context, Effect, Layer, Logger } from "effect"
import { HttpServer } from "effect/http"
import { inFolder } from "../inbox/sqlite.ts"
import { inRegistry } from "../metrics.ts"
import { appSecret, send, sign, verifyToken } from "../webhook/loopback.ts"

const start = Effect.fnUntraced(function* (folder: string, options: WebhookServer.Options) {
  const Work = Listeners.layer(
    Listener.make("echo", "TextReceived", () => Effect.void),
    Listener.make("broken", "TextReceived", ({ text }) => Effect.fail(text), { retry: () => RetryPolicy.Next.Dead() })
  )
  const context = yield* Layer.build(
    WebhookServer.layer({
      port: 0,
      host: "127.0.0.1",
      config: WebhookConfig.layer({ appSecrets: [appSecret], verifyToken }),
      ...options
    }).pipe(
      Layer.provide([
        Work,
        OwnerResolver.layerPhones([]),
        Deduplication.layerMemory(),
        Inbox.layerSqlite({ path: `${folder}/inbox.db` }),
        Logger.layer([])
      ])
    )
  )
  const base = HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address)
  return {
    base,
    awaitIdle: Context.get(context, WebhookPipeline.WebhookPipeline).awaitIdle,
    post: Effect.fnUntraced(function* (body: Uint8Array, secret: string = appSecret) {
      const headers = { "x-hub-signature-256": yield* sign(body, secret) }
      return yield* send(base + WebhookConfig.defaultPath, { method: "POST", headers, body })
    })
  }
})

it.live("answers Prometheus with what happened to a delivery, and with nothing of what it says or who sent it", () =>
  inRegistry(
    inFolder((folder) =>
      Effect.gen(function* () {
        const { awaitIdle, base, post } = yield* start(folder, { metricsPath: "/internal/metrics" })
        const sender = { from: "16505550177", userId: "US.42", name: "Ida Voss", username: "ida.voss" }
        const body = Delivery.text("wamid.abc", { ...sender, text: "my secret wish" })
        assert.strictEqual((yield* post(body)).status, 200)
        assert.strictEqual((yield* post(body, "a guess")).status, 401)
        yield* awaitIdle
        const query = `?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=0042`
        assert.strictEqual((yield* send(base + WebhookConfig.defaultPath + query)).status, 200)
        const answer = yield* send(`${base}/internal/metrics`)
        assert.strictEqual(answer.status, 200)
        assert.strictEqual(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        const lines = answer.body.split("\n")
        for (const line of [
          "# TYPE whatsapp_webhook_deliveries counter",
          `whatsapp_webhook_deliveries{outcome="kept"} 1`,
          `whatsapp_webhook_deliveries{outcome="refused"} 1`,
          "# TYPE whatsapp_items counter",
          `whatsapp_items{tag="TextReceived"} 1`,
          `whatsapp_listener_attempts{listener="echo",outcome="done"} 1`,
          `whatsapp_listener_attempts{listener="broken",outcome="failed"} 1`,
          `whatsapp_dead_letters{listener="broken"} 1`,
          `whatsapp_dead_letters{listener="echo"} 0`,
          "# TYPE whatsapp_listener_seconds histogram",
          `whatsapp_listener_seconds_bucket{listener="echo",le="+Inf"} 1`,
          "# TYPE whatsapp_inbox_depth gauge",
          `whatsapp_inbox_depth{state="dead"} 1`,
          `whatsapp_inbox_depth{state="waiting"} 0`,
          "whatsapp_inbox_oldest_seconds 0",
          "whatsapp_inbox_open_bytes 0",
          "whatsapp_sqlite_commits_failed 0"
        ]) {
          assert.include(lines, line)
        }
        assert.match(answer.body, /^whatsapp_sqlite_commit_seconds_count [1-9]/m)
        assert.match(answer.body, /^whatsapp_sqlite_file_bytes [1-9]/m)
        const { from, name, userId, username } = sender
        for (const secret of [from, name, userId, username, "wamid.abc", "secret wish", verifyToken, appSecret]) {
          assert.notInclude(answer.body, secret)
        }
      })
    )
  )
)

it.live("shows its metrics to nobody unless it was told to", () =>
  inRegistry(
    inFolder((folder) =>
      Effect.gen(function* () {
        const { base } = yield* start(folder, {})
        assert.strictEqual((yield* send(`${base}/metrics`)).status, 404)
      })
    )
  )
)
