/** `effect-whatsapp inbox`: looks after the file of an inbox, whether a server runs on it or not. */
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as InboxFile from "../inbox/InboxFile.ts"
import { describeLetter, describeStatus, letterJson, statusJson } from "./internal/describeInbox.ts"
import { Failure, inboxFailure, Usage } from "./internal/outcome.ts"
import * as Person from "./internal/person.ts"
import { print } from "./internal/print.ts"

const readable = <A, R>(run: Effect.Effect<A, InboxError | Failure | Usage, R>) =>
  Effect.mapError(run, (error) => (error._tag === "InboxError" ? inboxFailure(error) : error))

const base = Command.make("inbox").pipe(
  Command.withSharedFlags({
    db: Flag.String("db").pipe(
      Flag.withDescription("The file, as in Inbox.layerSqlite({ path }) and listen --db"),
      Flag.withMetavar("FILE")
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription("Print JSON, one value per line"), Flag.withDefault(false))
  })
)

/** The flags of the command itself, which stand before or behind the name of a subcommand. */
const shared = Effect.map(base, ({ db, json }) => ({ file: { path: db }, json }))

const dead = Command.make("dead", {}, () =>
  Effect.gen(function* () {
    const { file, json } = yield* shared
    for (const letter of yield* InboxFile.list(file)) yield* print(json ? letterJson(letter) : describeLetter(letter))
  }).pipe(readable)
).pipe(
  Command.withDescription("List the dead letters: id, when, listener, event, attempts and the first line of the cause"),
  Command.withExamples([
    { command: "effect-whatsapp inbox dead --db bot.db", description: "For people" },
    {
      command: "effect-whatsapp inbox dead --db bot.db --json | jq -r 'select(.listener == \"print\").id'",
      description: "For programs: one letter per line, with the whole cause"
    }
  ])
)

const which = {
  ids: Argument.String("ID").pipe(
    Argument.withDescription("Ids of dead letters, as `inbox dead` lists them"),
    Argument.variadic()
  ),
  all: Flag.Boolean("all").pipe(Flag.withDescription("All dead letters"), Flag.withDefault(false))
}

/** A command that changes dead letters; `done` says what happened to those that there were. */
const changing = (
  change: typeof InboxFile.requeue,
  done: string
): ((input: {
  readonly all: boolean
  readonly ids: ReadonlyArray<string>
}) => Effect.Effect<void, Failure | Usage, Command.CommandContext<"inbox">>) =>
  Effect.fnUntraced(
    function* ({ all, ids }) {
      if (all === ids.length > 0) return yield* new Usage({ message: "Give either the ids of dead letters or --all" })
      const { file, json } = yield* shared
      const found = yield* change(file, all ? "all" : ids)
      if (json) yield* print(JSON.stringify({ [done]: found.done, unknown: found.unknown }))
      else yield* print(`${done} ${found.done.length}`)
      if (found.unknown.length > 0) {
        return yield* new Failure({ message: `No dead letter has the id ${found.unknown.join(", ")}` })
      }
    },
    (run) => readable(run)
  )

const requeue = Command.make("requeue", which, changing(InboxFile.requeue, "requeued")).pipe(
  Command.withDescription("Run dead letters again, each behind what waits in its lane, with all attempts before it"),
  Command.withExamples([
    { command: "effect-whatsapp inbox requeue --db bot.db 176402880012345", description: "One of them" },
    { command: "effect-whatsapp inbox requeue --db bot.db --all", description: "After a repair" }
  ])
)

const remove = Command.make("remove", which, changing(InboxFile.remove, "removed")).pipe(
  Command.withDescription("Erase dead letters"),
  Command.withExamples([
    { command: "effect-whatsapp inbox remove --db bot.db 176402880012345", description: "One of them" }
  ])
)

const readPerson = (value: string): Effect.Effect<WhatsAppUser, CliError.CliError> => {
  const person = Person.readPerson(value)
  return person === undefined
    ? Effect.fail(new CliError.InvalidValue({ option: "PERSON", value, expected: Person.expected, kind: "argument" }))
    : Effect.succeed(person)
}

const forget = Command.make(
  "forget",
  {
    person: Argument.String("PERSON").pipe(
      Argument.withDescription("A phone number in any spelling, or a BSUID; give both if both are known"),
      Argument.mapEffect(readPerson),
      Argument.atLeast(1)
    )
  },
  Effect.fnUntraced(
    function* ({ person }) {
      const { file, json } = yield* shared
      let [deliveries, tasks, dead, running] = [0, 0, 0, 0]
      for (const user of person) {
        const found = yield* InboxFile.forget(file, user)
        deliveries += found.deliveries
        tasks += found.tasks
        dead += found.dead
        running += found.running
      }
      yield* print(
        json
          ? JSON.stringify({ deliveries, tasks, dead, running })
          : `erased from ${deliveries} deliveries, with ${tasks} waiting tasks and ${dead} dead letters`
      )
      if (running > 0) {
        return yield* new Failure({ message: `${running} tasks about this person run now and were left; try again` })
      }
    },
    (run) => readable(run)
  )
).pipe(
  Command.withDescription("Erase a person: what waits of them, their dead letters, and what deliveries hold of them"),
  Command.withExamples([
    {
      command: `effect-whatsapp inbox forget --db bot.db "+39 340 123 4567" IT.48210773395516620014`,
      description: "One person, by both ids"
    }
  ])
)

export const inbox = base.pipe(
  Command.withHandler(({ db, json }) =>
    Effect.flatMap(InboxFile.status({ path: db }), (status) =>
      json ? print(statusJson(status)) : Effect.forEach(describeStatus(status), print, { discard: true })
    ).pipe(readable)
  ),
  Command.withSubcommands([dead, requeue, remove, forget]),
  Command.withDescription("Look after the file of an inbox: how much is open, and what became dead letters"),
  Command.withExamples([
    { command: "effect-whatsapp inbox --db bot.db", description: "How much is open" },
    { command: "effect-whatsapp inbox --db bot.db --json | jq .dead", description: "For a monitor" }
  ])
)
