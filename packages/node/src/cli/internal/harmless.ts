/** The text without what a terminal would obey: control characters, line ends, and what turns the direction of text. */
export const harmless = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, "?")
