/** Long texts as several messages: cut where a reader would pause, and nowhere else when that can be helped. */
import { limits } from "./limits.ts"

export interface SplitOptions {
  /** The most characters of a part, as limits are counted: Unicode code points; at least 1. @default 4096 */
  readonly limit?: number | undefined
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

// White space, but none that says that no line may break there.
const blank = /^[^\S\u00a0\u202f\ufeff]+$/
const blanks = /[^\S\u00a0\u202f\ufeff]*/y
const lineBreak = /\r\n|[\n\r\u2028\u2029]/g

const sentenceEnd = /[.!?…。！？।؟]["'”’»)\]]*$/
// Where these are written no space follows; what closes a quotation may.
const wideEnd: ReadonlySet<string> = new Set("。！？")
const closing: ReadonlySet<string> = new Set("」』）】")

/** How many code units the first code points have, `limit` of them or all there are. */
const unitsOf = (text: string, limit: number): number => {
  let units = 0
  let points = 0
  for (const point of text) {
    if (points === limit) break
    points++
    units += point.length
  }
  return units
}

/** Where the white space ends that begins at `from`. */
const afterBlanks = (text: string, from: number): number => {
  blanks.lastIndex = from
  const to = from + (blanks.exec(text)?.[0].length ?? 0)
  // A mark may sit on the last space, which then is no space.
  const [last] = to === from ? [] : graphemes.segment(text.slice(to - 1, to + 2))
  return last !== undefined && last.segment.length > 1 ? to - 1 : to
}

/** Where the first part ends, which may have `end` code units; 0 when it would be white space and break a word. */
const cutOf = (text: string, end: number): number => {
  const pauses = { paragraph: 0, line: 0, sentence: 0 }
  let space: number | undefined
  let written = 0 // Where the last grapheme ended that is no white space.
  let fitting = end // Where the last grapheme ended that fits as a whole.
  let isEnded = false // Whether a sentence has just ended without a space.
  // What follows the end may belong to the last grapheme, or be the space that makes it the end of a word.
  for (const { index, segment } of graphemes.segment(text.slice(0, end + 2))) {
    if (index > end) break
    const to = index + segment.length
    if (index > 0) fitting = index
    if (blank.test(segment)) {
      space = written
      isEnded = false
      if (written === 0) continue
      const breaks = text.slice(written, to).match(lineBreak)?.length ?? 0
      if (breaks > 1) pauses.paragraph = written
      else if (breaks === 1) pauses.line = written
      else if (sentenceEnd.test(text.slice(Math.max(0, written - 8), written))) pauses.sentence = written
    } else {
      if (wideEnd.has(segment)) isEnded = true
      else if (isEnded && !closing.has(segment)) {
        pauses.sentence = index
        isEnded = false
      }
      written = to
    }
  }
  // A pause in the first half would leave a short part; a word is broken only when it is too long for a part.
  const pause = [pauses.paragraph, pauses.line, pauses.sentence].find((at) => at >= end / 2)
  return pause ?? space ?? fitting
}

/**
 * Splits a long text into parts that can be sent one after the other.
 *
 * **Details**
 *
 * Cuts between paragraphs, else lines, else sentences, if that does not leave a part half empty; else between words. A
 * word is broken only when it is longer than a part, and a grapheme (an emoji with a skin tone, a letter with an accent)
 * only when it is. The parts are the text without the white space at the cuts; a text that is short enough is one part
 * as it is, and one of nothing but white space is none.
 *
 * **Example** (One message after the other)
 *
 * ```ts
 * import { WhatsAppClient } from "@effect-whatsapp/core/client"
 * import { Message } from "@effect-whatsapp/core/message"
 * import { Effect } from "effect"
 *
 * const tell = Effect.fn(function* (to: string, story: string) {
 *   const whatsapp = yield* WhatsAppClient.WhatsAppClient
 *   for (const part of Message.splitText(story)) yield* whatsapp.send(to, Message.text(part))
 * })
 *
 * Message.splitText("Good morning. How are you?", { limit: 20 }) // => ["Good morning.", "How are you?"]
 * ```
 */
export const splitText = (text: string, options?: SplitOptions): ReadonlyArray<string> => {
  const limit = Math.max(1, Math.floor(options?.limit ?? limits["text.body"].max))
  const parts: Array<string> = []
  let rest = text
  for (let end = unitsOf(rest, limit); end < rest.length; end = unitsOf(rest, limit)) {
    const cut = cutOf(rest, end)
    if (cut > 0) parts.push(rest.slice(0, cut))
    rest = rest.slice(afterBlanks(rest, cut))
  }
  return rest === "" || blank.test(rest) ? parts : [...parts, rest]
}
