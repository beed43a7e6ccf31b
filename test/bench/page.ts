/** `docs/benchmarks.md`: what stands between the marks of a section is replaced, and the rest is written here. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { root, type Sections } from "./results.ts"

const file = `${root}docs/benchmarks.md`

const section = (name: string): string =>
  `<!-- measured: ${name} -->\n\nNot measured yet.\n\n<!-- measured until here: ${name} -->`

const marked = /(<!-- measured: (\S+) -->\n)([\s\S]*?)(<!-- measured until here: \2 -->)/g

const template = `# Benchmarks

What this SDK costs beside what nobody can leave out, and beside other packages. All numbers of this page are written by
\`npm run bench\`, none by hand. Compare the ratios, and only within one table: what a machine does in a second says more
about the machine.

## Against the targets

${section("targets-http")}

${section("targets-batch")}

### Why they are missed

\`bare\` does the HTTP, one HMAC and one \`JSON.parse\`, and forgets the message. This SDK does that, and then reads the message
into a typed event, asks who writes and whether it was admitted before, runs a listener on a fiber of its own in the
order of the conversation, counts and times all of it, and marks it done; with SQLite every step is on disk. None of it
is expensive by itself, as the profile shows: no single place is left whose removal would reach the target.

${section("profile")}

## One message in each request

${section("http")}

## What each of them does

Tried out on the servers above by this benchmark: each is sent the same deliveries, and asked what its handler saw.

${section("behaviour")}

## A thousand items in one delivery

${section("batch")}

## A million remembered keys

${section("deduplication")}

## From the start of the process to the first answer

${section("cold")}

## Size of a bundle

${section("bundles")}

## A long run

${section("soak")}

### Without forgetting

${section("soak-8-days")}

## How to run it

\`\`\`sh
npm ci
npm run bench                     # all of it but the long run, in about ten minutes
npm run bench -- http cold        # only these parts
npm run bench -- --quick          # everything in a short form, whose figures mean little
npm run bench -- http --only SQLite
npm run bench -- --profile "SQLite, server"
npm run bench:soak                # a million deliveries, for at most 12 minutes
npm run bench:soak -- --count 100000
npm run bench -- soak-8-days      # the same, in which nothing is forgotten
\`\`\`

The parts are \`http\`, \`profile\`, \`behaviour\`, \`batch\`, \`deduplication\`, \`cold\`, \`bundles\`, \`soak\` and \`soak-8-days\`. A run writes the sections of
the parts that it measured and leaves the others; with \`--no-page\` it only prints. The packages that this one is compared
with are installed in \`test/bench\` the first time, from a lock file of their own. Everything listens on 127.0.0.1, ends by
itself, and removes its files.

With \`--profile\` the processor time of one contestant during bursts is printed by function, file and kind.
`

/** The page with new sections; those that are not among them stay as they are. */
export const renewed = (page: string, sections: Sections): string => {
  const kept = new Map(Array.from(page.matchAll(marked), ([, , name = "", text = ""]) => [name, text]))
  return template.replaceAll(marked, (_, start: string, name: string, empty: string, end: string) => {
    const fresh = Object.hasOwn(sections, name) ? sections[name] : undefined
    return `${start}${fresh === undefined ? (kept.get(name) ?? empty) : `\n${fresh}\n\n`}${end}`
  })
}

/** Puts new sections into the page. */
export const write = (sections: Sections): void =>
  writeFileSync(file, renewed(existsSync(file) ? readFileSync(file, "utf8") : "", sections))
