import { assert, describe, it, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, Schema } from "effect"
import { execFileSync } from "node:child_process"
import { open, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { inFolder } from "../inbox/sqlite.ts"
import { has } from "./examples/shell.ts"
import * as CommandLine from "./commandLine.ts"
import * as Endpoint from "./endpoint.ts"
import { appSecret, assertNoSecret, decode, listen, sign } from "./listening.ts"

vi.setConfig({ testTimeout: 60_000 })

const env = { WHATSAPP_APP_SECRET: `${appSecret}, of-yesterday` }
const receivedAt = "2026-08-12T02:00:10.000Z"
const at = (seconds: number) => new Date(Date.parse(receivedAt) + seconds * 1000).toISOString()
const line = (text: string, seconds = 0) => JSON.stringify({ receivedAt: at(seconds), text })
const encoded = (bytes: Uint8Array) => JSON.stringify({ receivedAt, base64: Buffer.from(bytes).toString("base64") })
const bodies = (posts: ReadonlyArray<Endpoint.Posted>) => posts.map(({ body }) => body.toString("latin1"))

const replay = (stdin: string, to: Endpoint.Endpoint, ...args: ReadonlyArray<string>) =>
  CommandLine.run(["replay", "-", "--to", to.url, ...args], { env, stdin })

const Told = Schema.fromJsonString(
  Schema.Struct({
    line: Schema.Int,
    receivedAt: Schema.String,
    status: Schema.NullOr(Schema.Int),
    attempts: Schema.Int
  })
)
const decodeTold = Schema.decodeSync(Told)
const told = (stdout: string) =>
  stdout
    .split("\n")
    .slice(0, -1)
    .map((text) => decodeTold(text))

describe.concurrent("replay", () => {
  it.live("posts the exact bytes of every line in order, signed with the first app secret", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x00])
      const text = `\ufeff{"perché":"no? 👩‍👩‍👧\u2028"}\n`
      const stdin = `${line("one")}\r\n\n  \n${encoded(bytes)}\n${line(text)}\n${line("")}`
      const outcome = yield* replay(stdin, endpoint)
      const stdout = `4 deliveries acknowledged by ${new URL(endpoint.url).origin}\n`
      assert.deepStrictEqual(outcome, { code: 0, stdout, stderr: "" })
      const expected = [Buffer.from("one"), bytes, Buffer.from(text), Buffer.alloc(0)]
      assert.deepStrictEqual(
        endpoint.posts.map(({ body }) => body),
        expected
      )
      for (const { body, contentType, signature } of endpoint.posts) {
        assert.strictEqual(signature, sign(body))
        assert.strictEqual(contentType, "application/json")
      }
    })
  )

  it.live("gives another program what listen recorded: the same events, also from a file", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "deliveries.jsonl")
        const first = yield* listen(["--json", "--record", path])
        yield* first.deliver(
          Delivery.messages({ messages: [Delivery.textItem("wamid.1", { text: "perché 👩‍👩‍👧" }), 7] }),
          Delivery.status("wamid.2", "read"),
          Buffer.from([0xff])
        )
        const lines = yield* Effect.replicateEffect(first.line, 4)
        const second = yield* listen(["--json"], {
          ...env,
          WHATSAPP_VERIFY_TOKEN: "v",
          WHATSAPP_WEBHOOK_PATH: "/hooks"
        })
        // To a program on this machine that reads the same environment.
        const outcome = yield* CommandLine.run(["replay", path], {
          env: { ...env, PORT: new URL(second.url).port, WHATSAPP_WEBHOOK_PATH: "/hooks" }
        })
        assert.strictEqual(outcome.code, 0, outcome.stderr)
        const again = yield* Effect.replicateEffect(second.line, 4)
        assert.deepStrictEqual(
          yield* Effect.forEach(again.toSorted(), (line) => decode(line)),
          yield* Effect.forEach(lines.toSorted(), (line) => decode(line))
        )
      }, Effect.scoped)
    )
  )

  it.live(
    "posts again what may be taken in a moment, before anything that follows, and tells of each with --json",
    () =>
      Effect.gen(function* () {
        const endpoint = yield* Endpoint.serve(503, 500, 200, 429, 200)
        const { code, stderr, stdout } = yield* replay(`${line("1")}\n${line("2")}\n${line("3")}\n`, endpoint, "--json")
        assert.strictEqual(code, 0, stderr)
        assert.deepStrictEqual(bodies(endpoint.posts), ["1", "1", "1", "2", "2", "3"])
        assert.deepStrictEqual(told(stdout), [
          { line: 1, receivedAt, status: 200, attempts: 3 },
          { line: 2, receivedAt, status: 200, attempts: 2 },
          { line: 3, receivedAt, status: 200, attempts: 1 }
        ])
      })
  )

  it.live("ends with 1 at the line that is not acknowledged after five attempts, and goes on from there", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve(200, 503, 503, 503, 503, 503)
      const stdin = `${line("1")}\n${line("2")}\n${line("3")}\n`
      const { code, stderr, stdout } = yield* replay(stdin, endpoint, "--json")
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(told(stdout), [
        { line: 1, receivedAt, status: 200, attempts: 1 },
        { line: 2, receivedAt, status: 503, attempts: 5 }
      ])
      assert.match(
        stderr,
        /^Line 2 of standard input was not acknowledged: .* answered 503, 5 times; .*--from-line 2\n$/
      )
      assertNoSecret(stderr, "secret-path", "secret-key", "why it did so")
      const again = yield* replay(stdin, endpoint, "--from-line", "2")
      assert.strictEqual(again.code, 0, again.stderr)
      assert.deepStrictEqual(bodies(endpoint.posts.slice(6)), ["2", "3"])
    })
  )

  for (const [status, said] of [
    [401, "WHATSAPP_APP_SECRET is not the secret"],
    [404, "answered 404;"],
    [302, "answered 302;"],
    [204, "answered 204;"]
  ] as const) {
    it.live(`does not post again what was answered with ${status}`, () =>
      Effect.gen(function* () {
        const endpoint = yield* Endpoint.serve(status)
        const outcome = yield* replay(`${line("1")}\n${line("2")}\n`, endpoint)
        CommandLine.assertReadable(outcome, 1)
        assert.include(outcome.stderr, said)
        assert.lengthOf(endpoint.posts, 1)
      })
    )
  }

  for (const [name, url, said] of [
    ["nobody listens", "http://127.0.0.1:65534/", "gave no answer (ECONNREFUSED), 5 times"],
    ["the host is unknown", "http://nowhere.invalid/", /gave no answer \((ENOTFOUND|EAI_AGAIN)\), 5 times/],
    ["fetch asks nobody there", "http://127.0.0.1:6000/", "gave no answer: fetch asks at no such port, 5 times"]
  ] as const) {
    it.live(`says in one line that ${name}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["replay", "-", "--to", url], { env, stdin: line("1") })
        CommandLine.assertReadable(outcome, 1)
        if (typeof said === "string") assert.include(outcome.stderr, said)
        else assert.match(outcome.stderr, said)
      })
    )
  }

  const secret = "what-a-customer-wrote"
  for (const [name, bad] of [
    ["is not JSON", `{"receivedAt":"${receivedAt}","text":"${secret}`],
    ["is no object", `["${secret}"]`],
    ["is null", "null"],
    ["has no time", JSON.stringify({ text: secret })],
    ["has a time that is none", JSON.stringify({ receivedAt: "yesterday", text: secret })],
    ["has no delivery", JSON.stringify({ receivedAt, body: secret })],
    ["has two deliveries", JSON.stringify({ receivedAt, text: secret, base64: "AAAA" })],
    ["has a delivery that is no text", JSON.stringify({ receivedAt, text: { secret } })],
    ["has base64 that is none", JSON.stringify({ receivedAt, base64: "!!!!" })],
    ["has half a character", `{"receivedAt":"${receivedAt}","text":"${secret}\\ud83d"}`],
    ["has a delivery that is too large", line(`${secret}${"x".repeat(3_145_728)}`)],
    ["has one in base64 that is too large", encoded(Buffer.alloc(3_145_729))],
    ["is 300,000 levels deep", `{"receivedAt":"${receivedAt}","text":${"[".repeat(300_000)}${"]".repeat(300_000)}}`],
    ["is not even that", "[".repeat(300_000)],
    ["is too long", line(secret.repeat(1_200_000))],
    ["is too long and has no end", secret.repeat(1_200_000)]
  ] as const) {
    it.live(`names by its number a line that ${name}, after what stands before it and before all that follows`, () =>
      Effect.gen(function* () {
        const endpoint = yield* Endpoint.serve()
        const outcome = yield* replay(`${line("1")}\n\n${bad}\n${line("2")}\n`, endpoint)
        CommandLine.assertReadable(outcome, 1)
        assert.match(
          outcome.stderr,
          /^Line 3 of standard input is no recorded delivery: .*; go on with --from-line 4\n$/
        )
        assert.notInclude(outcome.stderr, secret)
        assert.deepStrictEqual(bodies(endpoint.posts), ["1"])
      })
    )
  }

  it.live("takes a delivery of the largest size, however long JSON makes its line", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      const text = "\u0001".repeat(3_145_728)
      const { code, stderr } = yield* replay(line(text), endpoint)
      assert.strictEqual(code, 0, stderr)
      assert.strictEqual(endpoint.posts[0]?.body.equals(Buffer.from(text)), true)
    })
  )

  it.live("names a line that is not UTF-8", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "deliveries\u001b[2J.jsonl")
        yield* Effect.promise(() => writeFile(path, Buffer.from([0x22, 0xff, 0x22])))
        const outcome = yield* CommandLine.run(["replay", path], { env })
        CommandLine.assertReadable(outcome, 1)
        assert.include(outcome.stderr, "it is not UTF-8")
      })
    )
  )

  it.live("waits with --pace real as long as it was between two deliveries", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      // A clock that was set back is no reason to wait.
      const stdin = [line("1", 5), line("2", 0), line("3", 0.5)].join("\n")
      const { code, stderr } = yield* replay(stdin, endpoint, "--pace", "real")
      assert.strictEqual(code, 0, stderr)
      const [first = 0, second = 0, third = 0] = endpoint.posts.map(({ at }) => at)
      assert.isAtLeast(third - second, 450)
      assert.isBelow(second - first, 5000)
    })
  )

  it.live.skipIf(!has("mkfifo"))("posts each delivery as soon as it can be read", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "pipe")
        execFileSync("mkfifo", [path])
        const endpoint = yield* Endpoint.serve()
        const running = yield* CommandLine.start(["replay", path, "--to", endpoint.url], { env })
        const writer = yield* Effect.promise(() => open(path, "w"))
        for (const text of ["1", "2"]) {
          yield* Effect.promise(() => writer.write(`${line(text)}\n`))
          assert.strictEqual((yield* endpoint.next).body.toString(), text)
        }
        yield* Effect.promise(() => writer.close())
        assert.strictEqual((yield* running.outcome).code, 0)
      }, Effect.scoped)
    )
  )

  it.live(
    "ends with what a file held at its start, also when it is replayed to the listener that records into it",
    () =>
      inFolder(
        Effect.fnUntraced(function* (folder) {
          const path = join(folder, "deliveries.jsonl")
          const large = Array.from({ length: 3 }, (_, n) => line(`${n}${"x".repeat(200_000)}`))
          yield* Effect.promise(() => writeFile(path, `${large.join("\n")}\n`))
          const server = yield* listen(["--json", "--record", path])
          const { code, stderr, stdout } = yield* CommandLine.run(["replay", path, "--to", server.url], { env })
          assert.strictEqual(code, 0, stderr)
          assert.match(stdout, /^3 deliveries acknowledged/)
        }, Effect.scoped)
      )
  )

  it.live("has nothing to do for an empty file", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      const { code, stdout } = yield* replay("", endpoint)
      assert.strictEqual(code, 0)
      assert.match(stdout, /^0 deliveries acknowledged/)
    })
  )

  for (const [name, args, variables, code, said] of [
    ["a file that there is not", ["none.jsonl"], env, 1, "does not exist"],
    ["a folder", ["."], env, 1, "cannot be read"],
    ["no app secret", ["-"], {}, 1, "WHATSAPP_APP_SECRET"],
    ["a PORT that is none", ["-"], { ...env, PORT: "any" }, 1, "PORT"],
    ["an endpoint that is none", ["-", "--to", "localhost:3000"], env, 2, "http or https URL"],
    ["a pace that is none", ["-", "--pace", "double"], env, 2, "pace"],
    ["a line that is none", ["-", "--from-line", "0"], env, 2, "line from 1"],
    ["no file", [], env, 2, "FILE"]
  ] as const) {
    it.live(`ends with ${code} and one readable line for ${name}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["replay", ...args], { env: variables })
        CommandLine.assertReadable(outcome, code)
        assert.include(outcome.stderr, said)
      })
    )
  }
})
