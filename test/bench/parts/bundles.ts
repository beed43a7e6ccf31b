/** How much a bundler leaves of both packages and Effect for three uses. */
import { Schema } from "effect"
import { fileURLToPath } from "node:url"
import { kilobytes, table } from "../markdown.ts"
import { runScript } from "../processes.ts"
import { makePart } from "../results.ts"

const Bundle = Schema.Struct({
  name: Schema.String,
  minified: Schema.Number,
  gzipped: Schema.Number,
  byPackage: Schema.Record(Schema.String, Schema.Number)
})

export const builder = fileURLToPath(new URL("../bundles/build.mjs", import.meta.url))

const uses: { readonly [name: string]: string } = {
  send: "sends a text",
  webhook: "`WebhookServer` with a memory inbox and a listener",
  all: "every export of both packages, emulator and test kit too"
}

export const bundles = makePart({
  name: "bundles",
  about: "size of three uses, bundled",
  results: Schema.Array(Bundle),
  measure: () =>
    runScript(builder, Bundle, { execArgv: [], args: ["sizes", ...Object.keys(uses).map((name) => `${name}.ts`)] }),
  sections: (found) => ({
    bundles: [
      "esbuild, minified, `node:` modules outside. The last three columns are of the minified size.",
      table(
        ["Use", "What it is", "minified", "min + gzip", "this SDK", "effect", "others"],
        found.map(({ byPackage, gzipped, minified, name }) => {
          const { effect = 0, "effect-whatsapp": ours = 0, ...others } = byPackage
          const rest = Object.values(others).reduce((sum, bytes) => sum + bytes, 0)
          return [name, uses[name] ?? "", ...[minified, gzipped, ours, effect, rest].map(kilobytes)]
        })
      )
    ].join("\n\n")
  })
})
