/** The files whose words are checked: every page, and every published source for its doc comments. */
import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** Paths from the root, with slashes on every system. */
const find = (pattern: string): ReadonlyArray<string> =>
  globSync(pattern, { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()

export const pages: ReadonlyArray<string> = ["README.md", ...find("docs/*.md"), ...find("packages/*/README.md")]

export const sources: ReadonlyArray<string> = find("packages/*/src/**/*.ts").filter(
  // What a new project is made of is not ours once it is there.
  (path) => !path.includes("/scaffold/template/")
)

export const read = (path: string): string => readFileSync(`${root}/${path}`, "utf8").replaceAll("\r\n", "\n")
