/** What the published packages carry for machines: `llms.txt`, which lists the guides, and `AGENTS.md`. */
import { Schema } from "effect"
import { commands } from "../node/cli/commands.ts"
import { pages, read } from "./files.ts"
import { tables } from "./tables.ts"

const Manifest = Schema.fromJsonString(Schema.Struct({ name: Schema.String, description: Schema.String }))
const manifestOf = (folder: string) => Schema.decodeSync(Manifest)(read(`packages/${folder}/package.json`))

const repository = "https://github.com/effect-whatsapp/effect-whatsapp/blob/main/docs/"

/** Where the guides are for who has the package: the node package carries them. */
const folders = { core: repository, node: "docs/" } as const
type Folder = keyof typeof folders

const guides = pages.filter((page) => /^docs\/\d/.test(page)).map((page) => page.slice("docs/".length))

const titleOf = (page: string): string => /^# (.+)$/m.exec(page)?.[1] ?? ""

/** What the contents say of a guide. */
const summaryOf = (guide: string): string => {
  const line = read("docs/README.md")
    .replaceAll(/\n {3,}(?=\S)/g, " ")
    .split("\n")
    .find((line) => line.includes(`](${guide})`))
  const summary = line?.split(`](${guide}): `)[1]
  if (summary === undefined) throw new Error(`docs/README.md does not say what ${guide} is about`)
  return summary
}

const linked = (text: string, where: string): string =>
  text.replaceAll(/\]\((\d\d_\w[\w-]*\.md)/g, (_, guide: string) => `](${where}${guide}`)

const list = (where: string): string =>
  guides.map((guide) => `- [${titleOf(read(`docs/${guide}`))}](${where}${guide}): ${summaryOf(guide)}`).join("\n")

const note = "<!-- Made from the guides by `npm run docs`; change those. -->"

const llms = (folder: Folder): string => {
  const { description, name } = manifestOf(folder)
  const where = folders[folder]
  return `# ${name}

> ${description}

For Effect 4. What an agent has to know first stands in [AGENTS.md](AGENTS.md).

## Guides

${list(where)}

## Optional

- [Benchmarks](${where}benchmarks.md): what all of this costs, beside bare Node and beside other packages
`
}

const agents = async (folder: Folder): Promise<string> => {
  const { description, name } = manifestOf(folder)
  const where = folders[folder]
  const page = read("docs/80_agents.md")
  const rest = page.slice(page.indexOf("\n## "))
  const made = async (table: string): Promise<string> => (await tables[table]?.()) ?? ""
  const lines = commands.map(({ command, words }) => `- \`effect-whatsapp ${words.join(" ")}\`: ${command.description}`)
  return `${note}

# ${name}

${description}. What one has to know to write a program with it without guessing.
${linked(rest, where).trimEnd()}

## Imports

${await made(`subpaths of ${folder}`)}

## Variables

${await made("variables")}

## Commands

${lines.join("\n")}

## Guides

${list(where)}
`
}

/** The files, by their paths from the root. */
export const machines: { readonly [path: string]: () => Promise<string> } = Object.fromEntries(
  (["core", "node"] as const).flatMap((folder) => [
    [`packages/${folder}/llms.txt`, () => Promise.resolve(llms(folder))],
    [`packages/${folder}/AGENTS.md`, () => agents(folder)]
  ])
)
