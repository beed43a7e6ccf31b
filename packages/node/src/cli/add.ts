/** `effect-whatsapp add`: more of what a project is made of. */
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { admissionTask } from "../events/Listeners.ts"
import { findListeners } from "../project/listeners.ts"
import * as Project from "../project/Project.ts"
import { closest } from "./internal/closest.ts"
import { write } from "../scaffold/folder.ts"
import { addTo } from "../scaffold/listener.ts"
import { harmless } from "./internal/harmless.ts"
import { Failure, Usage } from "./internal/outcome.ts"

const tags: ReadonlyArray<string> = Object.keys(WhatsAppEvent.guards)
const isName = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._:-]{0,98}[\p{L}\p{N}])?$/u

/** The events as they are written, each once. */
const checked = Effect.fnUntraced(function* (given: ReadonlyArray<string>) {
  const events = Array.from(new Set(given))
  if (events.includes("*")) {
    return events.length === 1 ? events : yield* new Usage({ message: `"*" is every event: give it alone` })
  }
  for (const event of events) {
    if (tags.includes(event)) continue
    const meant = closest(event, tags)
    const advice = meant === undefined ? `they are listed in the guide "Every event"` : `did you mean ${meant}?`
    return yield* new Usage({ message: `No event is called ${harmless(event.slice(0, 60))}: ${advice}` })
  }
  return events
})

/** A text as its bytes say it, with the mark at its beginning if there is one. */
const read = Effect.fnUntraced(function* (file: string, shown: string) {
  const fs = yield* FileSystem.FileSystem
  const place = yield* Effect.mapError(
    fs.realPath(file),
    () => new Failure({ message: `There is no ${shown}: run this in a project, or name its file with --file` })
  )
  const unreadable = () => new Failure({ message: `${shown} cannot be read` })
  const { mode, type } = yield* Effect.mapError(fs.stat(place), unreadable)
  if (type !== "File") return yield* new Failure({ message: `${shown} is no file` })
  const bytes = yield* Effect.mapError(fs.readFile(place), unreadable)
  const text = yield* Effect.try({
    try: () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    catch: () => new Failure({ message: `${shown} is no text in UTF-8` })
  })
  return { mode: mode & 0o7777, place, text }
})

const listener = Command.make(
  "listener",
  {
    name: Argument.String("NAME").pipe(
      Argument.withDescription("Names the work in the inbox: letters and digits, with space . _ : - between them")
    ),
    on: Flag.String("on").pipe(
      Flag.withDescription('Tag of the event that it wants, as in TextReceived, or "*"; may be given again'),
      Flag.withMetavar("TAG"),
      Flag.atLeast(1)
    ),
    file: Flag.String("file").pipe(
      Flag.withDescription("Where it goes. Default: src/whatsapp/listeners.ts of the project"),
      Flag.withMetavar("FILE"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print the file and the line as JSON"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* ({ file, json, name, on }) {
    if (!isName.test(name) || name === admissionTask) {
      return yield* new Usage({
        message: "NAME has 1 to 100 letters and digits, with space . _ : and - between them"
      })
    }
    const events = yield* checked(on)
    const path = yield* Path.Path
    const { folder } = yield* Project.find(".")
    const whole = Option.match(file, {
      onNone: () => path.join(folder, "src/whatsapp/listeners.ts"),
      onSome: (given) => path.resolve(given)
    })
    const shown = harmless(path.relative(path.resolve("."), whole))
    const { mode, place, text } = yield* read(whole, shown)

    const { listeners } = yield* Effect.mapError(
      findListeners(folder),
      () => new Failure({ message: "The folder of the project cannot be read" })
    )
    const same = listeners.find((found) => found.name === name)
    if (same !== undefined) {
      return yield* new Failure({
        message: `There is a listener of that name already, in ${harmless(same.file)}, line ${same.line}: choose another one`
      })
    }
    const { line, text: result } = yield* Effect.mapError(
      addTo(place, text, { events, name }),
      ({ reason }) => new Failure({ message: `${shown} was left as it is, because ${reason}` })
    )
    yield* Effect.mapError(
      write(path.dirname(place), [{ path: path.basename(place), content: result, mode }]),
      ({ message }) => new Failure({ message: harmless(message) })
    )
    yield* Console.log(json ? JSON.stringify({ file: shown, line, name, events }) : `${shown}, line ${line}`)
  })
).pipe(
  Command.withDescription("Add a listener to a project: a stub that is registered, and compiles"),
  Command.withExamples([
    { command: "effect-whatsapp add listener thank --on ImageReceived", description: "For one event" },
    {
      command: "effect-whatsapp add listener watch --on TemplateStatusChanged --on AccountUpdated --json",
      description: "For several, and print where it is as JSON"
    }
  ])
)

export const add = Command.make("add").pipe(
  Command.withSubcommands([listener]),
  Command.withDescription("Add to a project")
)
