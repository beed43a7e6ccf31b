/** Files in a message: uploaded before (`id`), or fetched by Meta (`link`). */
import * as Schema from "effect/Schema"
import { atMost, Link, optional, Some, Text } from "./words.ts"

const source = { id: optional(Some), link: optional(Link) }

const either = Schema.makeFilter(
  ({ id, link }: { readonly id?: string; readonly link?: string }) => (id === undefined) !== (link === undefined),
  { expected: "given by either id or link" }
)

/** As it stands in a header. */
export const File = Schema.Struct(source).check(either)
export const DocumentFile = Schema.Struct({ ...source, filename: optional(Text) }).check(either)

const caption = { caption: optional(atMost(1024)) }
export const Captioned = Schema.Struct({ ...source, ...caption }).check(either)
export const Document = Schema.Struct({ ...source, ...caption, filename: optional(Text) }).check(either)
export const Audio = Schema.Struct({ ...source, voice: optional(Schema.Boolean) }).check(either)
