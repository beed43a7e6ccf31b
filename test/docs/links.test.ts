import { existsSync, statSync } from "node:fs"
import { posix } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { pages, read, root } from "./files.ts"

/** A page without what is code. */
const prose = (page: string): string =>
  read(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "``")

/** The anchors that GitHub gives the headings of a page. */
const anchors = (page: string): ReadonlySet<string> => {
  const headings = read(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/^#+ (.+)$/gm)
  const seen = new Map<string, number>()
  return new Set(
    Array.from(headings, ([, heading = ""]) => {
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-")
      const times = seen.get(anchor) ?? 0
      seen.set(anchor, times + 1)
      return times === 0 ? anchor : `${anchor}-${times}`
    })
  )
}

const isThere = (from: string, link: string): boolean => {
  const [path = "", anchor] = link.split("#")
  const target = path === "" ? from : posix.join(posix.dirname(from), path)
  if (target.startsWith("..") || !existsSync(`${root}/${target}`)) return false
  if (anchor === undefined) return true
  return statSync(`${root}/${target}`).isFile() && target.endsWith(".md") && anchors(target).has(anchor)
}

describe("links", () => {
  for (const page of pages) {
    it(`of ${page} lead somewhere`, () => {
      const links = Array.from(prose(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link)
      const broken = links.filter((link) => !link.startsWith("https://") && !isThere(page, link))
      assert.deepStrictEqual(broken, [])
    })
  }

  it("of the contents lead to every guide, in order", () => {
    const guides = pages.filter((page) => /^docs\/\d/.test(page)).map((page) => page.slice("docs/".length))
    const listed = Array.from(
      read("docs/README.md").matchAll(/^\d+\. \[[^\]]+\]\(([^)]+)\)/gm),
      ([, link = ""]) => link
    )
    assert.deepStrictEqual(listed, guides)
  })
})
