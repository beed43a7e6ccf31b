/** What sections of rows and of products have in common. */

/** The first section without a title where there are several. */
export const untitled = (sections: ReadonlyArray<{ readonly title?: string | undefined }>) => {
  const at = sections.length > 1 ? sections.findIndex(({ title }) => title === undefined) : -1
  return at === -1 ? undefined : { path: [at, "title"], issue: "Expected a title, as there is more than one section" }
}
