/** Lines of a file of any size, of which never more than one line is held. */
import * as Stream from "effect/Stream"

export interface Line {
  /** From 1. */
  readonly number: number
  /** Without the line end. Nothing when it is too long. */
  readonly bytes: Uint8Array | undefined
  /** Bytes of the file up to its end. */
  readonly end: number
}

const newline = 0x0a

/** Splits bytes into lines; of a line with more than `max` bytes nothing is kept. */
export const split = <E, R>(file: Stream.Stream<Uint8Array, E, R>, max: number): Stream.Stream<Line, E, R> =>
  Stream.suspend(() => {
    let parts: Array<Uint8Array> = []
    let size = 0
    let number = 0
    let end = 0
    const add = (part: Uint8Array) => {
      end += part.length
      size += part.length
      if (size > max) parts = []
      else if (part.length > 0) parts.push(part)
    }
    const finish = (): Line => {
      const line = { number: ++number, bytes: size > max ? undefined : joined(parts, size), end }
      parts = []
      size = 0
      return line
    }
    /** The lines that end in a piece. */
    const linesOf = (piece: Uint8Array): ReadonlyArray<Line> => {
      const lines: Array<Line> = []
      let from = 0
      for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, from)) {
        add(piece.subarray(from, at))
        end++
        lines.push(finish())
        from = at + 1
      }
      add(piece.subarray(from))
      return lines
    }
    return Stream.concat(
      Stream.flattenIterable(Stream.map(file, linesOf)),
      Stream.suspend(() => (size === 0 ? Stream.empty : Stream.succeed(finish())))
    )
  })

const joined = (parts: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
