/** What can go wrong with a file, to be played at the next download. */
import * as Data from "effect/Data"

/** Each concerns one `GET /{media-id}` and the URL in its answer; the URL of the next answer is good again. */
export type MediaFault = Data.TaggedEnum<{
  /** The URL has expired already: fetching it is answered 404. */
  Expired: {}
  /** The connection breaks after this many bytes of the file, of which `content-length` promised all; 0 is no answer. */
  Cut: { readonly afterBytes: number }
  /** `sha256` is that of another file. */
  WrongHash: {}
  /** So many bytes more come than `file_size` says. */
  Larger: { readonly extraBytes: number }
  /** `url` is this one, on a host that nobody should trust with a token. */
  ForeignHost: { readonly url: string }
}>
export const MediaFault = Data.taggedEnum<MediaFault>()
