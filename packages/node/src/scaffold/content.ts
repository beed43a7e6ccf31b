/**
 * What the files of a new project hold. Those in `template` are files of this repository, so they are compiled, linted
 * and tested like the rest; what differs from project to project is put in here.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { type Choices, packageManagers } from "./choices.ts"
import { envExample } from "./envExample.ts"
import { manifestOf } from "./manifest.ts"

export interface File {
  /** From the folder of the project, with slashes. */
  readonly path: string
  readonly content: string
}

/** The files of `template`. npm leaves a `.gitignore` out of a package, so it has another name here. */
export const templates = [
  "gitignore",
  "README.md",
  "src/dev.ts",
  "src/localMeta.ts",
  "src/main.ts",
  "src/whatsapp/config.ts",
  "src/whatsapp/listeners.ts",
  "src/whatsapp/webhook.ts",
  "test/bot.test.ts",
  "tsconfig.json"
] as const

/** The line of the config that says where the bot keeps things, as it stands in the template. */
const chosen = "export const Stores = stores.memory"

const filled = (template: (typeof templates)[number], text: string, choices: Choices): File => {
  switch (template) {
    case "gitignore":
      return { path: ".gitignore", content: text }
    case "README.md": {
      const { exec, install, run } = packageManagers[choices.packageManager]
      const words = { __NAME__: choices.name, __INSTALL__: install, __RUN__: run, __EXEC__: exec }
      const content = Object.entries(words).reduce((page, [mark, word]) => page.replaceAll(mark, word), text)
      return { path: template, content }
    }
    case "src/whatsapp/config.ts":
      return { path: template, content: text.replace(chosen, `export const Stores = stores.${choices.inbox}`) }
    default:
      return { path: template, content: text }
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** All files of a project. */
export const filesOf = Effect.fnUntraced(function* (choices: Choices) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // The templates are packed with the sources, which lie beside what is compiled from them.
  const folder = yield* path.fromFileUrl(new URL("../../src/scaffold/template", import.meta.url))
  const copied = yield* Effect.forEach(templates, (template) =>
    Effect.map(fs.readFileString(path.join(folder, template)), (text) => filled(template, text, choices))
  )
  const made: ReadonlyArray<File> = [
    { path: "package.json", content: json(yield* manifestOf(choices)) },
    { path: ".env.example", content: envExample },
    // TypeScript and vitest look for packages in node_modules.
    ...(choices.packageManager === "yarn" ? [{ path: ".yarnrc.yml", content: "nodeLinker: node-modules\n" }] : [])
  ]
  return [...made, ...copied]
}, Effect.orDie)
