/** `effect-whatsapp init`: a new project, which runs as it is. */
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Prompt from "effect/cli/Prompt"
import {
  type Choices,
  inboxes,
  type Inbox,
  nameFor,
  type PackageManager,
  packageManagers,
  ProjectName
} from "../scaffold/choices.ts"
import { filesOf } from "../scaffold/content.ts"
import { check, plan, type Planned, write } from "../scaffold/folder.ts"
import { harmless } from "./internal/harmless.ts"
import { Failure, Usage } from "./internal/outcome.ts"
import { style } from "./internal/style.ts"

const inboxKinds = ["memory", "sqlite", "redis"] as const satisfies ReadonlyArray<Inbox>
const managers = ["npm", "pnpm", "yarn", "bun"] as const satisfies ReadonlyArray<PackageManager>

const isName = Schema.is(ProjectName)
const badName = "A name is that of an npm package: lower case letters, digits, and - . _ between them"

/** Nobody is there to answer unless both ends are a terminal. */
const isTerminal = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  return (yield* stdio.stdinIsTerminal) && (yield* stdio.stdoutIsTerminal)
})

/** The package manager that started this, as it tells its children. */
const callingManager = Effect.map(Effect.option(Config.String("npm_config_user_agent")), (agent) => {
  const [name] = Option.getOrElse(agent, () => "").split("/")
  return managers.find((manager) => manager === name) ?? "npm"
})

const askName = (initial: string) =>
  Prompt.String({
    message: "Name of the project",
    default: initial,
    validate: (name) => (isName(name) ? Effect.succeed(name) : Effect.fail(badName))
  })

const askInbox = Prompt.Select<Inbox>({
  message: "Where does the bot keep what it is sent?",
  choices: inboxKinds.map((value) => ({ title: value, value, description: inboxes[value] }))
})

const askManager = (initial: PackageManager) =>
  Prompt.Select<PackageManager>({
    message: "Package manager",
    choices: managers.map((value) => ({ title: value, value, selected: value === initial }))
  })

/** Asks of each file that is there whether it goes; returns those that do. */
const askOverwrite = Effect.fnUntraced(function* (taken: ReadonlyArray<Planned>) {
  const going: Array<Planned> = []
  for (const [i, file] of taken.entries()) {
    const answer = yield* Prompt.Select({
      message: `${file.path} is there, and differs`,
      choices: [
        { title: "keep it", value: "keep" },
        { title: "overwrite it", value: "overwrite" },
        { title: "keep it, and all others", value: "keepAll" },
        { title: "overwrite it, and all others", value: "overwriteAll" }
      ]
    })
    if (answer === "keepAll") return going
    if (answer === "overwriteAll") return going.concat(taken.slice(i))
    if (answer === "overwrite") going.push(file)
  }
  return going
})

interface Report {
  readonly directory: string
  readonly made: ReadonlyArray<string>
  readonly overwritten: ReadonlyArray<string>
  readonly unchanged: ReadonlyArray<string>
  readonly kept: ReadonlyArray<string>
}

/** As a shell takes it for a folder, and for nothing else. */
const quoted = (directory: string): string => {
  const path = directory.startsWith("-") ? `./${directory}` : directory
  return /^[\w./@+-]+$/.test(path) ? path : `'${harmless(path).replaceAll("'", `'\\''`)}'`
}

const describe = Effect.fnUntraced(function* (report: Report, packageManager: PackageManager) {
  const put = yield* style
  const { install, run } = packageManagers[packageManager]
  const list = (head: string, files: ReadonlyArray<string>) =>
    files.length === 0 ? [] : [put("bold", head), ...files.map((file) => `  ${file}`)]
  const commands: ReadonlyArray<readonly [string, string]> = [
    ...(report.directory === "." ? [] : [[`cd ${quoted(report.directory)}`, ""] as const]),
    [install, ""],
    [`${run} dev`, "talk with the bot, against a Meta on this machine"],
    [`${run} test`, "its tests, against the same"],
    [`${run} start`, "the real thing, once .env is filled in as .env.example says"]
  ]
  const width = Math.max(...commands.map(([command]) => command.length))
  const steps = commands.map(([command, what]) =>
    what === "" ? `  ${command}` : `  ${command.padEnd(width)}  ${put("dim", what)}`
  )
  return [
    ...list("Made", report.made),
    ...list("Overwritten", report.overwritten),
    ...list("Already as it should be", report.unchanged),
    ...list("Kept as it was", report.kept),
    "",
    put("bold", "Next"),
    ...steps
  ].join("\n")
})

const pathsOf = (files: ReadonlyArray<Planned>) => files.map(({ path }) => path)

export const init = Command.make(
  "init",
  {
    directory: Argument.String("DIR").pipe(
      Argument.withDescription("The folder of the project; it is made when it does not exist")
    ),
    name: Flag.String("name").pipe(
      Flag.withDescription("Name of the project. Default: that of the folder"),
      Flag.optional
    ),
    inbox: Flag.Literals("inbox", inboxKinds).pipe(
      Flag.withDescription("Where the bot keeps what it is sent. Default: memory"),
      Flag.optional
    ),
    packageManager: Flag.Literals("package-manager", managers).pipe(
      Flag.withDescription("What the project is installed and run with. Default: what runs this command, else npm"),
      Flag.optional
    ),
    yes: Flag.Boolean("yes").pipe(
      Flag.withDescription("Ask nothing; what no flag says is the default"),
      Flag.withDefault(false)
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDescription("Overwrite files that are there without asking"),
      Flag.withDefault(false)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Ask nothing, and print as JSON which files were made"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(
    function* ({ directory, force, inbox, json, name, packageManager, yes }) {
      if (directory.trim() === "")
        return yield* new Usage({ message: "DIR is empty: name a folder, or . for this one" })
      if (Option.isSome(name) && !isName(name.value)) return yield* new Usage({ message: `${badName}: change --name` })
      yield* check(directory)

      const asks = !yes && !json && (yield* isTerminal)
      const answer = <A, E, R>(
        flag: Option.Option<A>,
        initial: NoInfer<A>,
        question: Effect.Effect<A, E, R>
      ): Effect.Effect<A, E, R> =>
        Option.match(flag, { onNone: () => (asks ? question : Effect.succeed(initial)), onSome: Effect.succeed })
      const path = yield* Path.Path
      const folderName = nameFor(path.basename(path.resolve(directory)))
      const calling = yield* callingManager
      const choices: Choices = {
        name: yield* answer(name, folderName, askName(folderName)),
        inbox: yield* answer(inbox, "memory", askInbox),
        packageManager: yield* answer(packageManager, calling, askManager(calling))
      }

      const planned = yield* plan(directory, yield* filesOf(choices))
      const placed = (place: Planned["place"]) => planned.filter((file) => file.place === place)
      const taken = placed("taken")
      if (taken.length > 0 && !force && !asks) {
        return yield* new Failure({
          message: `Nothing was written, because there is already ${pathsOf(taken).join(", ")}: --force overwrites`
        })
      }
      const overwritten = force ? taken : yield* askOverwrite(taken)
      yield* write(directory, [...placed("free"), ...overwritten])

      const report: Report = {
        directory,
        made: pathsOf(placed("free")),
        overwritten: pathsOf(overwritten),
        unchanged: pathsOf(placed("same")),
        kept: pathsOf(taken.filter((file) => !overwritten.includes(file)))
      }
      yield* Console.log(json ? JSON.stringify(report) : yield* describe(report, choices.packageManager))
    },
    (run) =>
      run.pipe(
        Effect.catchTag("FolderError", ({ message }) => Effect.fail(new Failure({ message: harmless(message) }))),
        Effect.tapError((error) => (Terminal.isQuitError(error) ? Console.error("\nNothing was written") : Effect.void))
      )
  )
).pipe(
  Command.withDescription("Make a new project: a bot that runs as it is, with its tests and a Meta on this machine"),
  Command.withExamples([
    { command: "effect-whatsapp init my-bot", description: "Asks for the rest, on a terminal" },
    { command: "effect-whatsapp init my-bot --yes --inbox sqlite", description: "Asks nothing" },
    {
      command: "effect-whatsapp init . --name my-bot --package-manager pnpm --json | jq -r '.made[]'",
      description: "In the folder itself, for programs"
    }
  ])
)
