import { describe, it } from "@effect/vitest"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { InboxContract } from "@effect-whatsapp/node/testing"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { inFolder, turns } from "./sqlite.ts"

describe("the laws of Inbox, in memory", () => {
  for (const { name, run } of InboxContract.laws({ wait: TestClock.adjust })) {
    it.effect(name, () => Effect.provide(run, Inbox.layerMemory()))
  }
})

describe("the laws of Inbox, in a SQLite file", () => {
  // What was changed is committed at the end of the turn.
  const laws = InboxContract.laws({ wait: (duration) => Effect.andThen(TestClock.adjust(duration), turns) })
  for (const { name, run } of laws) {
    it.effect(name, () => inFolder((folder) => Effect.provide(run, Inbox.layerSqlite({ path: `${folder}/inbox.db` }))))
  }
})
