/**
 * Plain JavaScript, because esbuild and its types are there only after `npm run bench` has installed them. Tells sizes:
 * `node build.mjs sizes send.ts ...`, or writes servers as JavaScript: `node build.mjs servers FOLDER a.ts ...`, with
 * `bundled` in the place of `servers` in one file each.
 */
import { build } from "esbuild"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"

const here = fileURLToPath(new URL(".", import.meta.url))
const [, , task, ...args] = process.argv

/** Bytes of the output by the package they come from. */
const byPackage = (inputs) => {
  const sums = {}
  for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1] ?? "effect-whatsapp"
    sums[name] = (sums[name] ?? 0) + bytesInOutput
  }
  return sums
}

const sizes = async () => {
  for (const entry of args) {
    const { metafile, outputFiles } = await build({
      entryPoints: [here + entry],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      target: "node22",
      conditions: ["effect-whatsapp-source"],
      write: false,
      metafile: true,
      logLevel: "error"
    })
    const [output] = Object.values(metafile.outputs)
    const { contents } = outputFiles[0]
    process.send({
      name: entry.replace(".ts", ""),
      minified: contents.length,
      gzipped: gzipSync(contents, { level: 9 }).length,
      byPackage: byPackage(output.inputs)
    })
  }
}

const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url)`

/** Servers as JavaScript, which leave packages where they are or bring them along. */
const servers = async (packages) => {
  const [folder, ...entryPoints] = args
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    packages,
    minify: packages === "bundle",
    // What is CommonJS in there looks for its modules of Node.
    ...(packages === "bundle" ? { banner: { js: banner } } : {}),
    format: "esm",
    platform: "node",
    target: "node22",
    logLevel: "error"
  })
}

const tasks = { sizes, servers: () => servers("external"), bundled: () => servers("bundle") }
await tasks[task]()
if (process.connected) process.disconnect()
