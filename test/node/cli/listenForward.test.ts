import { assert, describe, it, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { makeEmulator } from "../emulator/world.ts"
import { inFolder } from "../inbox/sqlite.ts"
import * as CommandLine from "./commandLine.ts"
import * as Endpoint from "./endpoint.ts"
import * as Http from "./http.ts"
import { appSecret, assertNoSecret, environment, listen, sign, signed, verifyToken, wamids } from "./listening.ts"

vi.setConfig({ testTimeout: 60_000 })

const texts = (count: number) => Array.from({ length: count }, (_, n) => Delivery.text(`wamid.${n}`))
/** More than a pipe holds that nobody reads. */
const wamidsOfBatch = Array.from({ length: 100 }, (_, n) => `wamid.batch.${n}`)
const bodies = (posts: ReadonlyArray<Endpoint.Posted>) => posts.map(({ body }) => body.toString("latin1"))
const sent = (all: ReadonlyArray<Uint8Array>) => all.map((body) => Buffer.from(body).toString("latin1"))

describe.concurrent("listen --forward", () => {
  it.live("passes on the exact bytes of every delivery, in order, signed anew with the first app secret", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      const server = yield* listen(["--json", "--forward", endpoint.url], {
        WHATSAPP_APP_SECRET: "of-today, of-yesterday",
        WHATSAPP_VERIFY_TOKEN: verifyToken
      })
      const deliveries = [
        Delivery.text("wamid.1", { text: "perché no? 👩‍👩‍👧" }),
        Buffer.from(`{ "entry" : [ ] }\n`),
        Buffer.from([0x7b, 0xff, 0xfe, 0x00]),
        Delivery.messages({ messages: [Delivery.textItem("wamid.1"), 7] })
      ]
      for (const body of deliveries) {
        const answer = yield* Http.post(server.url, body, signed(body, "of-yesterday"))
        assert.strictEqual(answer.status, 200)
      }
      const posts = yield* Effect.replicateEffect(endpoint.next, deliveries.length)
      assert.deepStrictEqual(bodies(posts), sent(deliveries))
      for (const { body, contentType, signature } of posts) {
        assert.strictEqual(signature, sign(body, "of-today"))
        assert.strictEqual(contentType, "application/json")
      }
      // What came before in other words is no event, and is passed on all the same.
      assert.include(yield* server.line, "wamid.1")
      assert.include(yield* server.line, "DeliveryUnreadable")
      assert.include(yield* server.line, "Undecodable")
    })
  )

  it.live("passes on what the emulator sends, signed with the secret of the named variable", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      const server = yield* listen(["--forward", endpoint.url, "--forward-secret-env", "OTHER_SECRET"], {
        ...environment,
        OTHER_SECRET: "secret-of-the-other"
      })
      const emulator = yield* makeEmulator({ appSecret, webhookUrl: server.url })
      const person = yield* emulator.customer({ phone: "393401234567" })
      const first = yield* person.sendText("one")
      const second = yield* person.sendText("two")
      const posts = yield* Effect.replicateEffect(endpoint.next, 2)
      assert.deepStrictEqual(bodies(posts), [first.body, second.body])
      for (const { body, signature } of posts) assert.strictEqual(signature, sign(body, "secret-of-the-other"))
      assertNoSecret(server.printed(), "secret-of-the-other")
    })
  )

  it.live("acknowledges and prints while the endpoint does not answer, and passes on what no filter lets through", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve(0)
      const server = yield* listen(["--json", "--on", "status", "--forward", endpoint.url])
      yield* server.deliver(...texts(3), Delivery.status("wamid.status", "read"))
      assert.include(yield* server.line, "wamid.status")
      assert.deepStrictEqual(yield* server.unread, [])
    })
  )

  it.live("sends again what was not taken before anything that follows, and complains once", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve(503, 302, 200, 204, 200, 500)
      const server = yield* listen(["--json", "--forward", endpoint.url])
      const deliveries = texts(3)
      yield* server.deliver(...deliveries)
      const posts = yield* Effect.replicateEffect(endpoint.next, 3)
      assert.deepStrictEqual(bodies(posts), sent(deliveries))
      const [one, two, three] = sent(deliveries)
      assert.deepStrictEqual(bodies(endpoint.posts), [one, one, one, two, two, three, three])
      const warning = yield* server.complaint
      assert.match(warning, /WARN.*http:\/\/127\.0\.0\.1:\d+ answered 503\. What is to be forwarded waits/)
      assert.match(yield* server.complaint, /http:\/\/127\.0\.0\.1:\d+ takes deliveries again, and is sent what waited/)
      assert.strictEqual(server.printed().split("waits, and is not lost").length, 2, "one line a minute")
      assertNoSecret(server.printed(), "secret-path", "secret-key", "why it did so")
    })
  )

  it.live("passes on after kill -9 all that was acknowledged, in order", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        // Takes two, and is then out of order.
        const endpoint = yield* Endpoint.serve(200, 200, ...Array.from({ length: 1000 }, () => 503))
        const deliveries = texts(50)
        const args = ["--json", "--db", join(folder, "bot.db"), "--forward", endpoint.url]
        const first = yield* listen(args)
        yield* first.deliver(...deliveries)
        assert.lengthOf(yield* Effect.replicateEffect(endpoint.next, 2), 2)
        assert.deepStrictEqual(
          wamids(yield* first.events(50)),
          deliveries.map((_, n) => `wamid.${n}`)
        )
        yield* first.signal("SIGKILL")
        assert.strictEqual((yield* first.outcome).code, "SIGKILL")

        const second = yield* Endpoint.serve()
        const again = yield* listen([...args.slice(0, -1), second.url])
        const marker = Delivery.text("wamid.last")
        yield* again.deliver(marker)
        const found: Array<string> = []
        while (found.at(-1) !== sent([marker])[0]) found.push(...bodies([yield* second.next]))
        // The last that was taken may come again; beside the 50 there is the marker of the first run.
        const repeated = found.length - (50 - 2) - 2
        assert.include([0, 1], repeated)
        assert.deepStrictEqual(found.slice(0, 48 + repeated), sent(deliveries).slice(2 - repeated))
      }, Effect.scoped)
    )
  )

  it.live("passes on and records without --db all that was acknowledged when the reader of its output went away", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "deliveries.jsonl")
        const endpoint = yield* Endpoint.serve(503)
        const server = yield* listen(["--json", "--forward", endpoint.url, "--record", path])
        const [first = Buffer.from(""), ...more] = texts(3)
        yield* server.deliver(first)
        yield* server.line
        yield* server.closeStdout
        yield* server.deliver(Delivery.messages({ messages: wamidsOfBatch.map((wamid) => Delivery.textItem(wamid)) }))
        for (const body of more) yield* Effect.ignoreCause(server.deliver(body))
        const { code, stderr } = yield* server.outcome
        assert.strictEqual(code, 1)
        assert.match(stderr, /Standard output was closed\n$/)
        const taken = bodies(endpoint.posts).slice(1)
        assert.isAtLeast(taken.length, 2)
        assert.strictEqual((yield* Effect.promise(() => readFile(path, "utf8"))).split("\n").length - 1, taken.length)
      }, Effect.scoped)
    )
  )

  it.live("ends at once with --db while the endpoint is down, and goes on with it at the next start", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const args = ["--db", join(folder, "bot.db"), "--forward"]
        const gone = "http://127.0.0.1:9/"
        const first = yield* listen([...args, gone])
        yield* first.deliver(Delivery.text("wamid.1"))
        assert.match(yield* first.complaint, /WARN.*gave no answer/)
        yield* first.signal("SIGTERM")
        assert.strictEqual((yield* first.outcome).code, 0)
        const endpoint = yield* Endpoint.serve()
        yield* listen([...args, endpoint.url])
        assert.deepStrictEqual(bodies([yield* endpoint.next]), sent([Delivery.text("wamid.1")]))
      }, Effect.scoped)
    )
  )

  for (const [name, args, code, said] of [
    ["no URL", ["--forward", "localhost"], 2, "http or https URL"],
    ["another protocol", ["--forward", "ftp://localhost/"], 2, "http or https URL"],
    ["a password in it", ["--forward", "http://me:hunter2@localhost/"], 2, "without a password"],
    ["a secret for nothing", ["--forward-secret-env", "OTHER_SECRET"], 2, "goes with --forward"],
    ["a variable that is missing", ["--forward", "http://localhost/", "--forward-secret-env", "OTHER"], 1, "OTHER"],
    ["a variable that is empty", ["--forward", "http://localhost/", "--forward-secret-env", "BLANK"], 1, "BLANK"]
  ] as const) {
    it.live(`does not start with ${name}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["listen", "--port", "0", ...args], {
          env: { ...environment, BLANK: " " }
        })
        CommandLine.assertReadable(outcome, code)
        assert.include(outcome.stderr, said)
        assertNoSecret(outcome.stderr, "hunter2")
      })
    )
  }
})
