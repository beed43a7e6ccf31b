/** What templates are called in TypeScript. Different names stay different, whatever other templates there are. */

/** What a module cannot declare, or what would make a module that is imported something else than a module. */
const reserved: ReadonlySet<string> = new Set(
  [
    "break case catch class const continue debugger default delete do else enum export extends false finally for",
    "function if import in instanceof new null return super switch this throw true try typeof var void while with",
    "implements interface let package private protected public static yield await arguments eval undefined globalThis",
    "then require exports module __filename __dirname __esModule"
  ].flatMap((words) => words.split(" "))
)

/**
 * The function of a template: `order_update` is `orderUpdate`. Only an underscore between two words goes, so the way
 * back is always known; with `$` goes what is no identifier, as no name has that sign.
 */
export const identifierOf = (name: string): string => {
  const camel = name.replace(/(?<=[a-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  if (/^[0-9]/.test(camel)) return `$${camel}`
  return reserved.has(camel) ? `${camel}$` : camel
}

/** The description of a template in one language, which is no name of a function. */
export const constantOf = (name: string, language: string): string =>
  `${identifierOf(name)}$${language.replace(/[^A-Za-z0-9_]/g, (sign) => `$${sign.charCodeAt(0).toString(16)}$`)}`
