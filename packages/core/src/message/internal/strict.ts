/** How messages are parsed: closed, because Meta refuses what it does not know, and with every error, for `closest`. */
export const strict = { onExcessProperty: "error", errors: "all" } as const
