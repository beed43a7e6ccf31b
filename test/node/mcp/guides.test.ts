import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Reason } from "@effect-whatsapp/core/errors"
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Effect, Layer, Schema } from "effect"
import { eventsOf, page } from "../../../packages/node/src/mcp/eventReference.ts"
import { meaningIn, page as pageOfErrors } from "../../../packages/node/src/mcp/explainError.ts"
import * as Guides from "../../../packages/node/src/mcp/Guides.ts"
import { pages, read } from "../../docs/files.ts"

const decode = Schema.decodeUnknownEffect(WhatsAppEvent)

const withGuides = <A, E>(use: Effect.Effect<A, E, Guides.Guides>) =>
  use.pipe(Effect.provide(Layer.provide(Guides.layer, NodeServices.layer)))

describe("what tools look up in the guides", () => {
  it.effect("is all of the guides, each with its title and what the contents say of it", () =>
    withGuides(
      Effect.gen(function* () {
        const guides = yield* Guides.Guides
        const stale = "run npm run build:docs, as npm test does"
        const expected = pages.filter((path) => path.startsWith("docs/"))
        assert.deepStrictEqual(
          guides.pages.map(({ name }) => `docs/${name}`),
          expected,
          stale
        )
        for (const { name, text } of guides.pages) assert.isTrue(text === read(`docs/${name}`), `${name}: ${stale}`)
        for (const { name, summary, title } of guides.pages) {
          assert.notInclude(title, ".md")
          if (/^\d/.test(name)) assert.isAbove(summary.length, 10, name)
        }
      })
    )
  )

  it("is every event, with its meaning, fields of Meta's, members and an example that decodes", async () => {
    const events = eventsOf(read(`docs/${page}`))
    assert.sameMembers(
      events.map(({ tag }) => tag),
      Object.keys(WhatsAppEvent.cases)
    )
    for (const { example, fields, meaning, members, tag } of events) {
      assert.match(meaning, /^[A-Z][^\n]{10,}/, tag)
      // These two are of a whole delivery, and of what no schema knows.
      if (!["DeliveryUnreadable", "Undecodable", "UnknownFieldReceived"].includes(tag)) assert.isNotEmpty(fields, tag)
      assert.strictEqual((await Effect.runPromise(decode(example)))._tag, tag)
      for (const { signature } of members) assert.match(signature, /^\w+\??: ./, tag)
    }
    const all = events.flatMap(({ members }) => members.map(({ signature }) => signature))
    const shown = Array.from(
      read(`docs/${page}`)
        .split("## Objects in events")[0]
        ?.matchAll(/^- `(.+?)`/gm) ?? []
    )
    assert.deepStrictEqual(
      all,
      shown.map(([, signature]) => signature)
    )
  })

  it("is the meaning of every reason", () => {
    for (const { identifier } of Reason.members) {
      assert.match(meaningIn(read(`docs/${pageOfErrors}`), identifier), /^.{10,}/, identifier)
    }
  })
})
