/** What is asked before a project is made, and what may be answered. */
import * as Schema from "effect/Schema"

/** Where a bot keeps what was delivered and what it has seen; each is a member of `stores` in the project's config. */
export const inboxes = {
  memory: "in the process; a crash loses what is open",
  sqlite: "in one file; a crash loses nothing",
  redis: "what is open in one file, what was seen in Redis, which other machines can share"
} as const
export type Inbox = keyof typeof inboxes

interface Words {
  readonly install: string
  /** What stands before the name of a script. */
  readonly run: string
  /** What stands before the name of a program that a dependency brings. */
  readonly exec: string
}

export const packageManagers = {
  npm: { install: "npm install", run: "npm run", exec: "npx" },
  pnpm: { install: "pnpm install", run: "pnpm run", exec: "pnpm exec" },
  yarn: { install: "yarn install", run: "yarn run", exec: "yarn run" },
  bun: { install: "bun install", run: "bun run", exec: "bunx" }
} as const satisfies { readonly [name: string]: Words }
export type PackageManager = keyof typeof packageManagers

/** A name that npm takes for a package of today. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name */
export const ProjectName = Schema.String.check(
  Schema.isMaxLength(214),
  Schema.isPattern(/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/),
  Schema.makeFilter((name) => name !== "node_modules" && name !== "favicon.ico")
)

/** The name of a folder as that of a project. */
export const nameFor = (folder: string): string => {
  const name = folder
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._~-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "")
  return Schema.is(ProjectName)(name) ? name : "whatsapp-bot"
}

export interface Choices {
  /** A `ProjectName`. */
  readonly name: string
  readonly inbox: Inbox
  readonly packageManager: PackageManager
}
