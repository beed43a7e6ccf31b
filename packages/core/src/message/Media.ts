/** Media in what is sent: uploaded to Meta before, or fetched by Meta when the message is sent. */
import * as Schema from "effect/Schema"

const missing = { messageMissingKey: "Expected either id or link" }

/** Schema for a web address. */
export const Url = Schema.String.check(
  Schema.isPattern(/^https?:\/\/\S+$/i, {
    expected: "an http or https URL",
    // What does not look at case cannot be generated.
    arbitraryConstraint: { patterns: [{ source: "^https?://[a-z]{1,9}$", flags: "" }] }
  })
)

/** Media that was uploaded: it is there, and quick. Ids hold for 30 days. */
const Uploaded = Schema.Struct({ id: Schema.NonEmptyString.pipe(Schema.annotateKey(missing)) })

/** A public address that Meta fetches, and keeps for ten minutes. A fetch that fails shows only in a later status. */
const Linked = Schema.Struct({ link: Url.pipe(Schema.annotateKey(missing)) })

/** Schema for the source of media with what a kind of message has beside it. */
export const mediaWith = <const Fields extends Schema.Struct.Fields>(fields: Fields) => {
  const beside = Object.keys(fields)
  const names = beside.length === 0 ? "" : `, beside it at most ${beside.join(" and ")}`
  const either = { messageUnexpectedKey: `Expected either id or link${names}, and nothing else` }
  return Schema.Union([
    Uploaded.pipe(Schema.fieldsAssign(fields)).annotate(either),
    Linked.pipe(Schema.fieldsAssign(fields)).annotate(either)
  ])
}

/** Schema for the source of media: `{ id }` of an upload, or `{ link }` to a public URL. */
export const Media = mediaWith({})
export type Media = typeof Media.Type

/** What a document has beside its source. */
export const documentFields = { filename: Schema.optionalKey(Schema.NonEmptyString) }

/** Schema for the source of a document, and the name it is shown under. */
export const DocumentMedia = mediaWith(documentFields)
export type DocumentMedia = typeof DocumentMedia.Type
