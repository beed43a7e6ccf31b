import { assert, describe, it, layer, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, type Schema } from "effect"
import { createServer } from "node:http"
import * as CommandLine from "./commandLine.ts"
import * as Http from "./http.ts"
import { appSecret, assertNoSecret, environment, Server, signed, verifyToken } from "./listening.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const world = { excludeTestServices: true, timeout: "30 seconds" } as const
/** A message in which some members are others. */
const item = (wamid: string, members: Schema.JsonObject) =>
  Object.fromEntries([...Object.entries(Delivery.textItem(wamid)), ...Object.entries(members)])

const flow = (answer: string) => ({
  type: "nfm_reply",
  nfm_reply: { response_json: JSON.stringify({ [answer]: answer }) }
})

const secrets = ["the-secret-until-yesterday", "the-secret-of-today", "the-secret-of-another-app"]

layer(
  Server.layer(["--json"], {
    WHATSAPP_APP_SECRET: ` ${secrets.join(" , ")} `,
    WHATSAPP_VERIFY_TOKEN: verifyToken,
    WHATSAPP_WEBHOOK_PATH: "/hooks/meta",
    WHATSAPP_OWNER_PHONES: "+1 (650) 555-0177, +55 11 98765-4321",
    WHATSAPP_OWNER_USER_IDS: "US.48210773395516620014"
  }),
  world
)("listen --json, configured by the environment", (it) => {
  it.effect("listens at WHATSAPP_WEBHOOK_PATH and nowhere else", () =>
    Effect.gen(function* () {
      const { url } = yield* Server
      const { origin, pathname } = new URL(url)
      assert.strictEqual(pathname, "/hooks/meta")
      const body = Delivery.text("wamid.1")
      const elsewhere = yield* Http.post(`${origin}/whatsapp/webhook`, body, signed(body, secrets[0]))
      assert.strictEqual(elsewhere.status, 404)
      const query = `?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=007`
      assert.strictEqual((yield* Http.get(url + query)).body, "007")
    })
  )

  it.effect("tells the owner by phone in any spelling and by BSUID, and everyone else is a customer", () =>
    Effect.gen(function* () {
      const { line, url } = yield* Server
      const people = [
        ["Owner", { from: "16505550177" }],
        ["Customer", { from: "16505550178" }],
        // Brazil writes the same phone with and without the ninth digit.
        ["Owner", { from: "551187654321" }],
        ["Owner", { from: null, userId: "US.48210773395516620014" }],
        ["Customer", { from: null, userId: "US.48210773395516620015" }]
      ] as const
      for (const [index, [identity, sender]] of people.entries()) {
        const body = Delivery.text(`wamid.owner.${index}`, sender)
        assert.strictEqual((yield* Http.post(url, body, signed(body, secrets[0]))).status, 200)
        assert.include(yield* line, `"sender":{"_tag":"${identity}"`)
      }
    })
  )

  it.effect("takes a signature under each secret of WHATSAPP_APP_SECRET, and under no other", () =>
    Effect.gen(function* () {
      const { line, unread, url } = yield* Server
      for (const [index, secret] of secrets.entries()) {
        const body = Delivery.text(`wamid.secret.${index}`)
        assert.strictEqual((yield* Http.post(url, body, signed(body, secret))).status, 200)
        assert.include(yield* line, `wamid.secret.${index}`)
      }
      for (const secret of [secrets.join(","), ` ${secrets[0]}`, appSecret, ""]) {
        const body = Delivery.text("wamid.other")
        assert.strictEqual((yield* Http.post(url, body, signed(body, secret))).status, 401)
      }
      assert.deepStrictEqual(yield* unread, [])
    })
  )

  it.effect("shows no secret and no phone of the owner", () =>
    Effect.gen(function* () {
      const { printed } = yield* Server
      assertNoSecret(printed(), ...secrets, "98765-4321", "5511987654321")
    })
  )
})

describe.concurrent("listen", () => {
  it.live("takes the port from PORT, and from --port before it", () =>
    Effect.gen(function* () {
      const byVariable = yield* CommandLine.start(["listen"], { env: { ...environment, PORT: "0" } })
      const byFlag = yield* CommandLine.start(["listen", "--port", "0"], { env: { ...environment, PORT: "any" } })
      for (const { complaint } of [byVariable, byFlag]) {
        const ready = yield* complaint
        assert.match(ready, /^listening on http:\/\/localhost:\d+\/whatsapp\/webhook$/)
        assert.notInclude(ready, ":3000/")
      }
    })
  )

  it.live("names every missing variable in one line", () =>
    Effect.gen(function* () {
      const outcome = yield* CommandLine.run(["listen", "--json", "--port", "0"])
      CommandLine.assertReadable(outcome, 1)
      assert.include(outcome.stderr, "WHATSAPP_APP_SECRET")
      assert.include(outcome.stderr, "WHATSAPP_VERIFY_TOKEN")
    })
  )

  for (const [name, env, variable] of [
    ["an empty secret in the list", { WHATSAPP_APP_SECRET: `${appSecret},` }, "WHATSAPP_APP_SECRET"],
    ["an empty verify token", { WHATSAPP_VERIFY_TOKEN: "" }, "WHATSAPP_VERIFY_TOKEN"],
    ["a malformed owner phone", { WHATSAPP_OWNER_PHONES: "+39 340 123 4567, five-five-0177" }, "WHATSAPP_OWNER_PHONES"],
    ["a PORT that is none", { PORT: "70000" }, "PORT"]
  ] as const) {
    it.live(`does not start with ${name}, and says which variable it is without its value`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["listen"], { env: { ...environment, PORT: "0", ...env } })
        CommandLine.assertReadable(outcome, 1)
        assert.include(outcome.stderr, variable)
        assertNoSecret(outcome.stderr, "five-five", "123 4567", "70000")
      })
    )
  }

  for (const port of ["http", "70000"]) {
    it.live(`calls --port ${JSON.stringify(port)} a wrong call`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["listen", `--port=${port}`], { env: environment })
        CommandLine.assertReadable(outcome, 2)
        assert.include(outcome.stderr, "--port")
      })
    )
  }

  it.live("says in one line that the port is taken", () =>
    Effect.gen(function* () {
      const other = yield* Effect.acquireRelease(
        Effect.callback<ReturnType<typeof createServer>>((resume) => {
          const server = createServer()
          server.listen(0, () => resume(Effect.succeed(server)))
        }),
        (server) => Effect.callback((resume) => void server.close(() => resume(Effect.void)))
      )
      const address = other.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const outcome = yield* CommandLine.run(["listen", "--port", String(port)], { env: environment })
      CommandLine.assertReadable(outcome, 1)
      assert.match(outcome.stderr, /port/)
    })
  )
})

layer(Server.layer(), world)("listen, for people", (it) => {
  const read = (count: number) =>
    Effect.gen(function* () {
      const { line } = yield* Server
      return yield* Effect.replicateEffect(line, count)
    })

  it.effect("prints one line for each event, with who wrote what", () =>
    Effect.gen(function* () {
      const { deliver } = yield* Server
      yield* deliver(
        Delivery.text("wamid.1", { text: "perché no?", name: "Ida Vöss" }),
        Delivery.status("wamid.2", "read"),
        Delivery.change("moon_phase", {}),
        new TextEncoder().encode("null")
      )
      const [text = "", status = "", field = "", unreadable = ""] = yield* read(4)
      assert.include(text, "2026-08-12")
      for (const part of ["Customer", "Ida Vöss", "16505550177", "perché no?"]) assert.include(text, part)
      assert.include(status, "Read")
      assert.include(status, "wamid.2")
      assert.include(field, "moon_phase")
      assert.include(unreadable, "DeliveryUnreadable")
    })
  )

  it.effect("shows nothing of a customer's that a terminal would obey", () =>
    Effect.gen(function* () {
      const { deliver } = yield* Server
      const evil = "a\u001b[2Jb\u001b]0;title\u0007c\rd\ne\u009b31mf\u0000g\u202eh\u2066i\u200fj\ud800k"
      yield* deliver(
        Delivery.text("wamid.evil.1", { text: evil, name: evil, username: evil, userId: evil }),
        Delivery.text("wamid.evil.2", { text: evil, name: evil, username: evil, from: evil }),
        Delivery.status(`wamid.evil.3.${evil}`, "read"),
        Delivery.status("wamid.evil.4", `read${evil}`),
        Delivery.change(evil, evil),
        Delivery.messages({ messages: [item("wamid.evil.5", { type: evil })] }),
        Delivery.messages({ messages: [item("wamid.evil.6", { text: { body: 7, [evil]: evil } })] }),
        Delivery.messages({ [evil]: [{ [evil]: evil }] }),
        Delivery.messages({ messages: [item("wamid.evil.7", { type: "image", image: { id: evil, caption: evil } })] }),
        Delivery.messages({ messages: [item("wamid.evil.8", { type: "button", button: { text: evil } })] }),
        Delivery.messages({ messages: [item("wamid.evil.9", { type: "interactive", interactive: flow(evil) })] }),
        Delivery.change("message_template_status_update", {
          message_template_id: evil,
          message_template_name: evil,
          event: evil
        }),
        Delivery.change("account_update", { event: evil }),
        Delivery.messages({ errors: [{ code: 1, title: evil }] }),
        new TextEncoder().encode(`{"${evil}`)
      )
      const lines = yield* read(15)
      for (const line of lines) {
        assert.notMatch(line, /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]/u)
        assert.notInclude(line, "undefined")
      }
      const { unread } = yield* Server
      assert.deepStrictEqual(yield* unread, [], "a line break in a text made another line")
    })
  )

  it.effect("leaves letters and emoji of all the world as they are", () =>
    Effect.gen(function* () {
      const { deliver } = yield* Server
      const text = "Grüße, 你好, שלום, नमस्ते, 👩‍👩‍👧, ❤️"
      yield* deliver(Delivery.text("wamid.world", { text }))
      const [line] = yield* read(1)
      assert.include(line, text)
    })
  )
})
