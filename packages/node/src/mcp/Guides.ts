/** The guides that came with this version of the package: pages for agents to read, and tables that tools look up. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as McpServer from "effect/ai/McpServer"
import { fileURLToPath } from "node:url"

export interface Page {
  /** The name of the file, as in `30_listeners.md`: links between pages stay right. */
  readonly name: string
  readonly title: string
  /** What the contents say of it; may be empty. */
  readonly summary: string
  readonly text: string
}

export class Guides extends Context.Service<
  Guides,
  {
    /** In the order of their names. Empty only where the package was never built. */
    readonly pages: ReadonlyArray<Page>
    /** The text of a page, or nothing. */
    readonly text: (name: string) => string
  }
>()("@effect-whatsapp/node/mcp/Guides") {}

/** Copied by `npm run build`; the same place from `src` and from `dist`. */
const folder = fileURLToPath(new URL("../../docs/", import.meta.url))

const oneLine = (text: string): string => text.trim().replace(/\s+/g, " ")
const byName = (one: string, other: string): number => (one < other ? -1 : 1)

/** What the contents say of a page. */
const summaryOf = (contents: string, name: string): string =>
  oneLine(contents.split(`](${name})`)[1]?.match(/^:? ((?:.+)(?:\n {2,}\S.*)*)/)?.[1] ?? "")

const titleOf = (text: string): string | undefined => /^# (.+)$/m.exec(text)?.[1]

export const layer: Layer.Layer<Guides, never, FileSystem.FileSystem> = Layer.effect(
  Guides,
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const names = yield* Effect.orElseSucceed(files.readDirectory(folder), (): Array<string> => [])
    const texts = yield* Effect.forEach(names.filter((name) => name.endsWith(".md")).toSorted(byName), (name) =>
      Effect.map(files.readFileString(`${folder}${name}`), (text) => ({ name, text }))
    ).pipe(Effect.orElseSucceed((): Array<{ readonly name: string; readonly text: string }> => []))
    const contents = texts.find(({ name }) => name === "README.md")?.text ?? ""
    const pages = texts.map(({ name, text }): Page => ({
      name,
      text,
      title: titleOf(text) ?? name,
      summary: summaryOf(contents, name)
    }))
    return { pages, text: (name) => pages.find((page) => page.name === name)?.text ?? "" }
  })
)

/** Layer that offers every page as a resource. */
export const layerResources: Layer.Layer<never, never, Guides | McpServer.McpServer> = Layer.effectDiscard(
  Effect.gen(function* () {
    const { pages } = yield* Guides
    for (const { name, summary, text, title } of pages) {
      const resource = {
        uri: `effect-whatsapp://docs/${name}`,
        name,
        title,
        ...(summary === "" ? {} : { description: summary }),
        mimeType: "text/markdown",
        content: Effect.succeed(text)
      }
      yield* McpServer.registerResource(resource)
    }
  })
)
