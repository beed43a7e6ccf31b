/** What a pipeline on a durable inbox must go on with after a restart, beside the tasks themselves. */
import { assert, it } from "@effect/vitest"
import { Deduplication, Identities } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { inFolder, makeFile, turns } from "../inbox/sqlite.ts"
import { ben, ida, makeJournal, start } from "./world.ts"

const idaId = "US.1111"
const idaNext = "US.2222"

/** WhatsApp says that Ida has Ben's number now, and with it another BSUID. */
const changed = Delivery.messages({
  messages: [
    {
      id: "changed",
      timestamp: String(Delivery.defaults.timestamp),
      type: "system",
      from: ida,
      system: { type: "user_changed_number", wa_id: ben, user_id: idaNext, previous_user_id: idaId, body: "" }
    }
  ]
})

const pass = (seconds: number) =>
  Effect.forEach(Array.from({ length: seconds }), () => Effect.andThen(turns, TestClock.adjust("1 second")), {
    discard: true
  })

it.effect.each(["restart", "crash"] as const)(
  "goes on in the lane of a person whose ids change only after a %s",
  (how) =>
    inFolder((folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const file = yield* makeFile(folder)
          const { entries, note } = makeJournal()
          let answers = false
          const listener = Listener.make("slow", ["TextReceived", "UserNumberChanged"], ({ wamid }) =>
            answers ? Effect.andThen(Effect.sleep("1 second"), note(wamid)) : Effect.never
          )
          const world = (context: Context.Context<Inbox.Inbox>) =>
            start({
              listeners: [listener],
              inbox: Layer.succeed(Inbox.Inbox, Context.get(context, Inbox.Inbox)),
              deduplication: Deduplication.layerMemory(),
              identities: Identities.layerMemory()
            })
          const before = yield* world(yield* file.context)
          yield* before.deliver(Delivery.text("1", { from: ida, userId: idaId }))
          yield* turns
          if (how === "restart") yield* Effect.forkChild(before.shutdown)
          yield* pass(30)

          answers = true
          const inbox = yield* file[how]
          const after = yield* world(Context.make(Inbox.Inbox, inbox))
          yield* after.deliver(changed, Delivery.text("2", { from: ben, userId: idaNext }))
          yield* pass(5)
          assert.deepStrictEqual(entries, ["31s 1", "32s changed", "33s 2"])
        })
      )
    )
)
