/**
 * Blanks secrets in what Meta says, which repeats what it was sent: whole or cut off, and escaped for JSON, HTML, a URL or
 * a log. Both sides are brought to one form; what they share there is blanked. Linear in both, whatever they hold.
 */

/** What may not stand in a text. */
export interface Secrets {
  /** Blanked wherever it stands, and any 8 characters in a row of it. */
  readonly texts: ReadonlyArray<string>
  /** The same, but what has fewer than 8 characters is blanked only where it stands as a word. @default none */
  readonly words?: ReadonlyArray<string> | undefined
}

/** So much of it is looked at, and said. */
const maxSource = 4096
const maxLength = 500
/** Of what was cut, the end may be half of a secret. */
const unsure = 32

/** Fewer characters in a row of a longer secret are words that anybody uses. */
const run = 8
/** As many digits in a row of a phone number are that number, whatever stands between, unless a letter stands beside. */
const digitsRun = 7
/** A whole one is that number in any case. No number has more digits. */
const wholeNumber = 15

const entities: ReadonlyMap<string, string> = new Map([
  ["quot", '"'],
  ["apos", "'"],
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["nbsp", " "]
])

const codePoint = (digits: string, radix: number): string => {
  const code = Number.parseInt(digits, radix)
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd"
}

const utf8 = new TextDecoder()

const decodeOnce = (text: string): string =>
  text
    .replace(/(?:%[\da-f]{2})+/gi, (bytes) =>
      utf8.decode(Uint8Array.from(bytes.slice(1).split("%"), (byte) => Number.parseInt(byte, 16)))
    )
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) =>
      typeof decimal === "string"
        ? codePoint(decimal, 10)
        : typeof hex === "string"
          ? codePoint(hex, 16)
          : (entities.get(String(name).toLowerCase()) ?? whole)
    )
    .replace(/\\(?:u([\da-f]{4})|x([\da-f]{2}))/gi, (_, unit, byte) =>
      String.fromCharCode(Number.parseInt(String(unit ?? byte), 16))
    )
    .replace(/\\[nrtbf]/gi, " ")
    .replace(/\\(["'\\/])/g, "$1")

/** Escapes may be escaped themselves. */
const decode = (text: string, passes = 4): string => {
  const decoded = decodeOnce(text)
  return decoded === text || passes === 1 ? decoded : decode(decoded, passes - 1)
}

/** Without escapes, in one line, without what is not seen. */
const plain = (text: string): string =>
  decode(text)
    .toWellFormed()
    .replace(/\p{Cf}+/gu, "")
    .normalize("NFKC")
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")

/** One character, the same for all its spellings. */
const foldOne = (character: string): string =>
  character === "\\" ? "" : character === "+" ? " " : character.toUpperCase().toLowerCase().normalize("NFKD")

/** The form in which texts are compared, and which character of the text each of its units comes from. */
const fold = (characters: ReadonlyArray<string>) => {
  const units: Array<string> = []
  const from: Array<number> = []
  characters.forEach((character, index) => {
    for (const unit of foldOne(character)) {
      if (unit === " " && units.at(-1) === " ") continue
      units.push(unit)
      from.push(index)
    }
  })
  return { units, from }
}

/** All so many units in a row. */
const gramsOf = (units: ReadonlyArray<string>, length: number): ReadonlyArray<string> =>
  units.flatMap((_, i) => (i + length <= units.length ? [units.slice(i, i + length).join("")] : []))

/** Where each so many units in a row stand. */
const positions = (units: ReadonlyArray<string>, length: number): Map<string, Array<number>> => {
  const found = new Map<string, Array<number>>()
  gramsOf(units, length).forEach((gram, i) => {
    const at = found.get(gram)
    if (at === undefined) found.set(gram, [i])
    else at.push(i)
  })
  return found
}

const isSaid = (unit: string): boolean => /^[\p{L}\p{N}]$/u.test(unit)

/** Letters and digits; scripts without spaces have no words to stand between. */
const isWordy = (unit: string | undefined): boolean =>
  unit !== undefined &&
  /^[\p{L}\p{N}_]$/u.test(unit) &&
  !/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u.test(unit)

/**
 * What may be a phone number, in whatever spelling Meta chose: 7 digits and more, with punctuation between them. Not
 * limited to 15, so that of two numbers in a row no end remains; and not after `#`, where Meta writes its codes, nor
 * beside a letter, as in the id of a trace.
 */
const phones = /(?<![A-Za-z\d#])\+?\d(?:[ ().\p{Pd}]*\d){6,}(?![A-Za-z\d])/gu

const isLetter = (unit: string | undefined): boolean => unit !== undefined && /^\p{L}$/u.test(unit)

/** The digits of what may be a phone number, and none of anything else. */
const digitsOf = (units: ReadonlyArray<string>): ReadonlyArray<string> =>
  units.some(isLetter) ? [] : units.filter((unit) => /^\d$/.test(unit))

/** In one line of at most 500 characters, without secrets; `undefined` when nothing is left. */
export const redact = (source: string, { texts, words = [] }: Secrets): string | undefined => {
  const read = Array.from(plain(source.slice(0, maxSource)))
  const characters = source.length > maxSource ? read.slice(0, -unsure) : read
  const { from, units } = fold(characters)
  const isBlank = characters.map(() => false)
  const blank = (first: number, last: number) => isBlank.fill(true, from[first], (from[last] ?? -1) + 1)

  const grams = Array.from({ length: run + 1 }, (_, length) => positions(length === 0 ? [] : units, length))
  /** Blanks where so many units stand, and forgets the places, so that none is looked at twice. */
  const take = (gram: string, length: number, isOne: (first: number, last: number) => boolean = () => true) => {
    for (const first of grams[length]?.get(gram) ?? []) {
      if (isOne(first, first + length - 1)) blank(first, first + length - 1)
    }
    grams[length]?.delete(gram)
  }
  /** Punctuation alone, as a dash, is none. */
  const isWord = (first: number, last: number) =>
    units.slice(first, last + 1).some((unit) => !/^[\p{P} ]$/u.test(unit)) &&
    !(isWordy(units[first - 1]) && isWordy(units[first])) &&
    !(isWordy(units[last]) && isWordy(units[last + 1]))

  const at = units.flatMap((unit, i) => (isSaid(unit) ? [i] : []))
  const dialed = at.map((i) => units[i] ?? "")
  const dialedGrams = Array.from({ length: wholeNumber + 1 }, (_, length) =>
    length < digitsRun ? undefined : positions(dialed, length)
  )
  const takeDialed = (gram: string, isOne: (first: number, last: number) => boolean = () => true) => {
    for (const i of dialedGrams[gram.length]?.get(gram) ?? []) {
      const [first = 0, last = 0] = [at[i], at[i + gram.length - 1]]
      if (isOne(first, last)) blank(first, last)
    }
    dialedGrams[gram.length]?.delete(gram)
  }
  const isNoCode = (first: number, last: number) => !isLetter(units[first - 1]) && !isLetter(units[last + 1])

  for (const [secret, isOne] of [
    ...texts.map((text) => [text, undefined] as const),
    ...words.map((word) => [word, isWord] as const)
  ]) {
    const { units: secretUnits } = fold(Array.from(plain(secret).trim()))
    if (secretUnits.length < run) take(secretUnits.join(""), secretUnits.length, isOne)
    else for (const gram of gramsOf(secretUnits, run)) take(gram, run)
    const digits = digitsOf(secretUnits)
    takeDialed(digits.join(""))
    for (const gram of gramsOf(digits, digitsRun)) takeDialed(gram, isNoCode)
  }

  const offsets = characters.flatMap((character, i) => Array.from({ length: character.length }, () => i))
  for (const { 0: phone, index } of characters.join("").matchAll(phones)) {
    isBlank.fill(true, offsets[index], (offsets[index + phone.length - 1] ?? -1) + 1)
  }

  const line = characters
    .map((character, i) => (isBlank[i] === true ? (isBlank[i - 1] === true ? "" : "<redacted>") : character))
    .join("")
    .trim()
    .slice(0, maxLength)
    .toWellFormed()
  return line === "" ? undefined : line
}
