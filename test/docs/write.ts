/** `npm run docs`: rewrites what the guides hold that is made from the code, and what is made from the guides. */
import { existsSync, writeFileSync } from "node:fs"
import { pages, read, root } from "./files.ts"
import { regenerated } from "./generated.ts"
import { machines } from "./machines.ts"

const write = (page: string, before: string, after: string) => {
  if (after === before) return
  writeFileSync(`${root}/${page}`, after)
  console.log(`${page} is rewritten`)
}

for (const page of pages) {
  const before = read(page)
  write(page, before, await regenerated(before))
}
// They hold what the guides say, so they come last.
for (const [path, make] of Object.entries(machines)) {
  write(path, existsSync(`${root}/${path}`) ? read(path) : "", await make())
}
