import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { join } from "node:path"
import { inFolder } from "../inbox/sqlite.ts"
import * as CommandLine from "./commandLine.ts"
import * as Endpoint from "./endpoint.ts"
import { listen } from "./listening.ts"

const texts = (posts: ReadonlyArray<Endpoint.Posted>) => posts.map(({ body }) => body.toString())

describe.concurrent("listen --forward", () => {
  it.live("lets what is refused five times be a dead letter, goes on, and sends it again when it is requeued", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const endpoint = yield* Endpoint.serve(413, 413, 413, 413, 413)
        const db = join(folder, "bot.db")
        const server = yield* listen(["--db", db, "--forward", endpoint.url])
        const [one, two] = [Delivery.text("wamid.1"), Delivery.text("wamid.2")]
        yield* server.deliver(one, two)
        assert.deepStrictEqual(texts([yield* endpoint.next]), [Buffer.from(two).toString()])
        assert.lengthOf(endpoint.posts, 6)
        assert.match(yield* server.complaint, /WARN.*answered 413/)
        assert.match(yield* server.complaint, /ERROR.*answered 413 to a delivery, 5 times; it is the dead letter \d+/)
        const dead = yield* CommandLine.run(["inbox", "dead", "--db", db])
        assert.match(dead.stdout, /^\d+ \S+ forward TextReceived 5 attempts: http:\/\/127\.0\.0\.1:\d+ answered 413\n$/)
        const requeued = yield* CommandLine.run(["inbox", "requeue", "--db", db, "--all"])
        assert.strictEqual(requeued.code, 0, requeued.stderr)
        assert.deepStrictEqual(texts([yield* endpoint.next]), [Buffer.from(one).toString()])
      }, Effect.scoped)
    )
  )

  it.live("passes on at a shutdown what is left, without --db", () =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve(503, 503)
      const server = yield* listen(["--forward", endpoint.url])
      yield* server.deliver(Delivery.text("wamid.1"), Delivery.text("wamid.2"))
      yield* server.complaint
      yield* server.signal("SIGTERM")
      const { code } = yield* server.outcome
      assert.strictEqual(code, 0)
      assert.lengthOf(yield* Effect.replicateEffect(endpoint.next, 2), 2)
    })
  )

  it.live("ends with 1 and says how much was lost, when the endpoint stays down and there is no --db", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--forward", "http://127.0.0.1:9/"])
      yield* server.deliver(Delivery.text("wamid.1"), Delivery.text("wamid.2"))
      yield* server.complaint
      yield* server.signal("SIGTERM")
      const { code, stderr } = yield* server.outcome
      assert.strictEqual(code, 1)
      assert.match(stderr, /Shutdown left 2 undone; they are lost/)
    })
  )
})
