/** `effect-whatsapp templates push`: hands templates in for review, when nothing is wrong with them that Meta documents. */
import { Json } from "@effect-whatsapp/core/wire"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Creation from "../../templates/Creation.ts"
import * as Push from "../../templates/Push.ts"
import { orRefused, refused } from "../internal/account.ts"
import { complain, print } from "../internal/print.ts"
import { harmless } from "../internal/harmless.ts"
import { Failure, Usage } from "../internal/outcome.ts"
import { progress } from "../internal/progress.ts"
import { readText } from "../internal/input.ts"
import { json, withAccount } from "./shared.ts"

const Nodes = Schema.Union([Schema.JsonObject, Schema.NonEmptyArray(Schema.JsonObject)])
const parseJson = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(Schema.Json))
const parse = SchemaParser.decodeUnknownEffect(Nodes)
const isList = (nodes: typeof Nodes.Type): nodes is readonly [Schema.JsonObject, ...ReadonlyArray<Schema.JsonObject>] =>
  Array.isArray(nodes)

const labelOf = ({ language, name }: { readonly language: string; readonly name: string }) =>
  harmless(`${name} ${language}`)

/** Which template is meant, where it may have no name. */
const calledOf = (node: Schema.JsonObject, at: number): string =>
  typeof node["name"] === "string" && typeof node["language"] === "string"
    ? labelOf({ name: node["name"], language: node["language"] })
    : `template ${at + 1}`

/** Templates that are given a second time: Meta would refuse those when the first are in. */
const repeated = (list: ReadonlyArray<Creation.Checked>): ReadonlyArray<string> => {
  const labels = list.map(labelOf)
  return Array.from(new Set(labels.filter((label, at) => labels.indexOf(label) < at)), (it) => `${it}: comes twice`)
}

/** More than this nobody reads in a line. */
const maxProblems = 20

const lineOf = (problems: ReadonlyArray<string>): string => {
  const more = problems.length - maxProblems
  return [...problems.slice(0, maxProblems), ...(more > 0 ? [`and ${more} more`] : [])].join("; ")
}

const unreadableJson = new Usage({
  message: "Expected JSON: a template in the form that Meta documents for its creation, or a list"
})

/** All templates of the input, or all that is wrong with them. */
const readNodes = Effect.fnUntraced(function* (text: string) {
  const json = yield* Effect.mapError(parseJson(text), () => unreadableJson)
  if (Json.isTooDeep(json)) {
    return yield* new Usage({ message: `The JSON is nested deeper than ${Json.maxDepth} levels` })
  }
  const nodes = yield* Effect.mapError(parse(json), () => unreadableJson)
  const list = isList(nodes) ? nodes : [nodes]
  const read = list.map((node, at) =>
    Result.mapError(Creation.read(node), (problems) =>
      problems.map(({ details, field }) => `${calledOf(node, at)}: ${harmless(field)}: ${details}`)
    )
  )
  const problems = read.flatMap((one) => Result.match(one, { onFailure: (all) => all, onSuccess: () => [] }))
  const checked = read.flatMap((one) => Result.match(one, { onFailure: () => [], onSuccess: (checked) => [checked] }))
  const all = [...problems, ...repeated(checked)]
  return all.length > 0 ? yield* new Usage({ message: lineOf(all) }) : checked
})

/** Uploads every sample once. Paths are beside the file that names them. */
const uploadAll = Effect.fnUntraced(function* (samples: ReadonlyMap<string, string>) {
  const handles = new Map<string, string>()
  for (const [sample, path] of samples) {
    const handle = yield* progress(`Uploading ${harmless(sample)}`, (onProgress) =>
      Push.upload(path, { onProgress })
    ).pipe(
      Effect.catchTags({
        PlatformError: () => Effect.fail(unreadable(sample)),
        WhatsAppError: (error) => Effect.fail(refused(`The sample ${harmless(sample)} could not be uploaded`, error))
      })
    )
    handles.set(sample, handle)
  }
  return handles
})

const unreadable = (sample: string) => new Failure({ message: `The sample ${harmless(sample)} could not be read` })

const shown = ({ action, category, id, language, name, status }: Push.Pushed, asJson: boolean): string =>
  asJson
    ? JSON.stringify({ action, name, language, id, status, category })
    : `${action} ${labelOf({ name, language })}: ${[id, status, category].filter((word) => word !== undefined).join(" ")}`

const handIn = Effect.fnUntraced(function* (
  checked: ReadonlyArray<Creation.Checked>,
  samples: ReadonlyMap<string, string>,
  options: { readonly edit: boolean; readonly json: boolean }
) {
  const plans = yield* Effect.forEach(checked, Push.plan).pipe(orRefused("The templates could not be read"))
  const existing = plans.flatMap((plan) => (plan._tag === "Edit" ? [labelOf(plan.checked)] : []))
  if (existing.length > 0 && !options.edit) {
    const verb = existing.length === 1 ? "exists" : "exist"
    return yield* new Failure({ message: `${existing.join(", ")} ${verb} already; --edit changes what exists` })
  }
  const handles = yield* uploadAll(samples)
  for (const plan of plans) {
    const verb = plan._tag === "Create" ? "created" : "edited"
    const pushed = yield* Push.push(plan, handles).pipe(orRefused(`${labelOf(plan.checked)} was not ${verb}`))
    yield* print(shown(pushed, options.json))
  }
})

export const push = Command.make(
  "push",
  {
    file: Argument.String("FILE").pipe(
      Argument.withDescription("JSON: a template as Meta documents its creation, or a list; - reads standard input")
    ),
    edit: Flag.Boolean("edit").pipe(
      Flag.withDescription("Edit a template that exists: Meta takes one edit a day, and ten in 30 days"),
      Flag.withDefault(false)
    ),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("Only tell what is wrong; Meta is not asked"),
      Flag.withDefault(false)
    ),
    json
  },
  Effect.fnUntraced(function* ({ dryRun, edit, file, json }) {
    const files = yield* FileSystem.FileSystem
    const paths = yield* Path.Path
    const checked = yield* readNodes(yield* readText(file))
    for (const one of checked) {
      for (const { details, field } of one.notes) yield* complain(`${labelOf(one)}: ${field}: ${details}`)
    }
    const folder = file === "-" ? "." : paths.dirname(file)
    const samples = new Map(
      checked.flatMap(Push.samplesOf).map((sample) => [sample, paths.resolve(folder, sample)] as const)
    )
    for (const [sample, path] of samples) {
      const { type } = yield* Effect.andThen(files.access(path, { readable: true }), files.stat(path)).pipe(
        Effect.mapError(() => unreadable(sample))
      )
      if (type !== "File") return yield* new Failure({ message: `The sample ${harmless(sample)} is no file` })
    }
    if (!dryRun) return yield* withAccount(handIn(checked, samples, { edit, json }))
    for (const { language, name } of checked) {
      yield* print(json ? JSON.stringify({ action: "none", name, language }) : `valid ${labelOf({ name, language })}`)
    }
    yield* complain("Nothing was sent")
  })
).pipe(
  Command.withDescription(
    `Hand templates in for review; "file:PATH" in a header_handle uploads a sample, for which WHATSAPP_APP_ID is needed`
  ),
  Command.withExamples([
    { command: "effect-whatsapp templates push order_update.json --dry-run", description: "What Meta would refuse" },
    { command: "effect-whatsapp templates push order_update.json --edit", description: "New, or another text of it" },
    {
      command: "jq '.language = \"it\"' order_update.json | effect-whatsapp templates push - --json",
      description: "From another program"
    }
  ])
)
