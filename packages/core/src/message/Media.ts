/** Media in what is sent: uploaded to Meta before, or fetched by Meta when the message is sent. */
import * as Schema from "effect/Schema"

const either = { messageUnexpectedKey: "Expected either id or link, and nothing else" }
const missing = { messageMissingKey: "Expected either id or link" }

/** Media that was uploaded: it is there, and quick. Ids hold for 30 days. */
const Uploaded = Schema.Struct({ id: Schema.NonEmptyString.pipe(Schema.annotateKey(missing)) }).annotate(either)

/** A public address that Meta fetches, and keeps for ten minutes. A fetch that fails shows only in a later status. */
const Linked = Schema.Struct({
  link: Schema.String.check(Schema.isPattern(/^https?:\/\/\S+$/i, { expected: "an http or https URL" })).pipe(
    Schema.annotateKey(missing)
  )
}).annotate(either)

/** Schema for the source of media: `{ id }` of an upload, or `{ link }` to a public URL. */
export const Media = Schema.Union([Uploaded, Linked])
export type Media = typeof Media.Type

/** What a document has beside its source. */
export const documentFields = { filename: Schema.optionalKey(Schema.NonEmptyString) }
