/**
 * `npm run bench`: measures what the arguments name, everything but the soak by default, and writes what came of it to
 * `docs/benchmarks.md`.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Data, Effect } from "effect"
import { parseArgs } from "node:util"
import { install } from "./install.ts"
import { write } from "./page.ts"
import { batch } from "./parts/batch.ts"
import { behaviour } from "./parts/behaviour.ts"
import { bundles } from "./parts/bundles.ts"
import { cold } from "./parts/cold.ts"
import { deduplication } from "./parts/deduplication.ts"
import { http } from "./parts/http.ts"
import { profile, profiles } from "./parts/profile.ts"
import { soak, soakUsual } from "./parts/soak.ts"
import type { Options } from "./results.ts"

const short = [http, profiles, behaviour, batch, deduplication, cold, bundles]
const long = [soak, soakUsual]

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    count: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "12" },
    profile: { type: "string" },
    "no-page": { type: "boolean", default: false },
    "from-cache": { type: "boolean", default: false },
    help: { type: "boolean", default: false }
  }
})

const help = `npm run bench -- [part ...] [--quick] [--only NAME] [--no-page] [--from-cache]
npm run bench -- --profile NAME
npm run bench:soak -- [--count N] [--minutes N]

${[...short, ...long].map(({ about, name }) => `${name.padEnd(14)} ${about}`).join("\n")}`

const options: Options = {
  quick: values.quick,
  only: values.only,
  count: Number(values.count),
  minutes: Number(values.minutes)
}

class NoSuchPart extends Data.TaggedError("NoSuchPart")<{ readonly part: string }> {
  override get message(): string {
    return `There is no part ${this.part}.\n${help}`
  }
}

const wanted = positionals.length === 0 ? short : undefined
const named = (name: string) => {
  const part = [...short, ...long].find((one) => one.name === name)
  return part === undefined ? Effect.fail(new NoSuchPart({ part: name })) : Effect.succeed(part)
}

const measureParts = Effect.gen(function* () {
  for (const part of wanted ?? (yield* Effect.forEach(positionals, named))) {
    if (!values["from-cache"]) {
      yield* Console.log(`\n== ${part.name}: ${part.about}`)
      yield* part.measure(options)
    }
    const sections = yield* part.sections
    if (!values["no-page"]) write(sections)
    for (const [name, text] of Object.entries(sections)) yield* Console.log(`\n${name}\n\n${text}`)
  }
})

const main = Effect.gen(function* () {
  if (values.help) return yield* Console.log(help)
  yield* install
  if (values.profile === undefined) yield* measureParts
  else yield* profile(values.profile)
})

NodeRuntime.runMain(main)
