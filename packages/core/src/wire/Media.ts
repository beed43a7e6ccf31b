/** A file in a message: the object under `image`, `video`, `audio`, `document` or `sticker`. */
import * as Schema from "effect/Schema"
import { MediaId } from "../domain/Ids.ts"
import { lenient, ownId, Text, YesNo } from "./scalars.ts"

export const Media = Schema.Struct({
  id: ownId(MediaId),
  mime_type: lenient(Text),
  sha256: lenient(Text),
  url: lenient(Text),
  caption: lenient(Text),
  filename: lenient(Text),
  voice: lenient(YesNo),
  animated: lenient(YesNo)
})
export type Media = typeof Media.Type
