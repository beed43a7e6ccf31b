/** How Meta's samples spell the words that say what something is. */
import * as Schema from "effect/Schema"
import * as String from "effect/String"

const upperCase = <const T extends string>(word: T): Uppercase<T> => String.toUpperCase(word)

/** Schema for a word in lower case, as it is sent today, or in upper case, as older samples have it. */
export const either = <const T extends string>(word: T) => Schema.Literals([word, upperCase(word)])

/** What a union says when a value is none of its kinds. */
export const modelled = (what: string, names: ReadonlyArray<string>) => ({
  message: `Expected ${what} that is modelled: ${names.join(", ")}`
})
