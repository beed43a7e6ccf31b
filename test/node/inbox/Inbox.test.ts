import { describe, it } from "@effect/vitest"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { InboxContract } from "@effect-whatsapp/node/testing"
import { Effect } from "effect"
import { TestClock } from "effect/testing"

describe("the laws of Inbox, in memory", () => {
  for (const { name, run } of InboxContract.laws({ wait: TestClock.adjust })) {
    it.effect(name, () => Effect.provide(run, Inbox.layerMemory()))
  }
})
