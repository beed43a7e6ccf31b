/**
 * A form with one file as `multipart/form-data` (RFC 7578) of a length that is known before the file is read, which
 * `FormData` does not tell. Names are escaped as browsers do it (WHATWG HTML, "Multipart form data"), and the backslash
 * too: browsers leave it, and who reads by RFC 2183, to which RFC 7578 points, takes what is behind it for escaped.
 */
import * as Stream from "effect/Stream"

export interface Form<E> {
  readonly boundary: string
  readonly fields: { readonly [name: string]: string }
  readonly file: {
    readonly part: string
    readonly name: string
    readonly type: string
    readonly size: number
    readonly bytes: Stream.Stream<Uint8Array, E>
  }
}

export interface Encoded<E> {
  readonly contentType: string
  readonly contentLength: number
  readonly bytes: Stream.Stream<Uint8Array, E>
}

/** A text between quotes in a header: it can end neither the quotes nor the line. */
const quoted = (text: string): string => `"${text.toWellFormed().replace(/["\\\p{Cc}]/gu, encodeURIComponent)}"`

export const encode = <E>({ boundary, fields, file }: Form<E>): Encoded<E> => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${value}\r\n`
  )
  const encoder = new TextEncoder()
  const head = encoder.encode(
    `${parts.join("")}--${boundary}\r\n` +
      `Content-Disposition: form-data; name=${quoted(file.part)}; filename=${quoted(file.name)}\r\n` +
      `Content-Type: ${file.type}\r\n\r\n`
  )
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: head.length + file.size + tail.length,
    bytes: Stream.concat(Stream.concat(Stream.succeed(head), file.bytes), Stream.succeed(tail))
  }
}
