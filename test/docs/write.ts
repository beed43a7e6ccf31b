/** `npm run docs`: rewrites what the guides hold that is made from the code. */
import { writeFileSync } from "node:fs"
import { pages, read, root } from "./files.ts"
import { regenerated } from "./generated.ts"

for (const page of pages) {
  const before = read(page)
  const after = await regenerated(before)
  if (after === before) continue
  writeFileSync(`${root}/${page}`, after)
  console.log(`${page} is rewritten`)
}
