/** The kind of an error, which may be told to anybody; its message may not. */
export const nameOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error
    ? String(error._tag)
    : error instanceof Error
      ? error.name
      : typeof error
