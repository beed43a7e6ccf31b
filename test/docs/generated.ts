/** Puts what is made from the code between its markers. */
import { tables } from "./tables.ts"

/** Rewrites the guides; `npm run docs` runs it. */
export const command = "npm run docs"

const marked = /(<!-- generated: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g

/** The names of what a page wants generated. */
export const wanted = (page: string): ReadonlyArray<string> =>
  Array.from(page.matchAll(marked), ([, , name = ""]) => name)

/** A page with all that is generated as it should be. */
export const regenerated = async (page: string): Promise<string> => {
  const made = new Map<string, string>()
  for (const name of wanted(page)) {
    const make = Object.hasOwn(tables, name) ? tables[name] : undefined
    if (make === undefined) throw new Error(`No table is named "${name}"; there are ${Object.keys(tables).join(", ")}`)
    made.set(name, await make())
  }
  return page.replaceAll(
    marked,
    (_, start: string, name: string, end: string) => `${start}\n${made.get(name)}\n\n${end}`
  )
}
