/** How many letters have to be changed, added or left out to come from one word to the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1]
    for (const [j, known] of Array.from(other).entries()) {
      const changed = (row[j] ?? 0) + (letter === known ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The word that was probably meant; nothing when none is near. */
export const closest = (word: string, words: ReadonlyArray<string>): string | undefined => {
  const meant = word.slice(0, 100).toLowerCase()
  let best: { readonly word: string; readonly far: number } | undefined
  for (const candidate of words) {
    const known = candidate.toLowerCase()
    // A beginning that is right, as in Text for TextReceived, is nearer than any other mistake.
    const far =
      meant.length > 2 && known.startsWith(meant) ? (known.length - meant.length) / 100 : distance(meant, known)
    if (far <= Math.max(2, meant.length / 3) && (best === undefined || far < best.far)) best = { word: candidate, far }
  }
  return best?.word
}
