/** How many letters have to be put in, taken out or changed to make one word another. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1]
    for (let j = 0; j < other.length; j++) {
      const change = (row[j] ?? 0) + (letter === other[j] ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** Beyond this no word is meant, in characters. */
const longest = 64

/** The word that was probably meant, whatever its case; nothing when none is near. */
export const nearest = (word: string, words: ReadonlyArray<string>): string | undefined => {
  if (word.length > longest) return undefined
  const meant = word.toLowerCase()
  const found = words
    .map((one) => ({ one, far: distance(meant, one.toLowerCase()) }))
    .reduce((best, next) => (next.far < best.far ? next : best))
  return found.far <= Math.max(2, Math.floor(word.length / 3)) ? found.one : undefined
}
