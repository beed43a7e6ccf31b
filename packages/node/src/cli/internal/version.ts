import { createRequire } from "node:module"
import * as Schema from "effect/Schema"

const manifest: unknown = createRequire(import.meta.url)("../../../package.json")

/** The version of this package, as it was published. */
export const { version } = Schema.decodeUnknownSync(Schema.Struct({ version: Schema.String }))(manifest)
