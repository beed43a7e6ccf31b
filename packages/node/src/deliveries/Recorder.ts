/** Writes deliveries to a file as they come, before anything is made of them. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as PlatformError from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import type * as Inbox from "../inbox/Inbox.ts"
import * as OnceAMinute from "../webhook/internal/onceAMinute.ts"
import { backoff } from "../webhook/internal/persistently.ts"
import { onTake } from "./internal/onTake.ts"
import * as Recording from "./Recording.ts"

/** Makes an inbox record what it hands out. */
export type Recorder = (inbox: Inbox.Inbox["Service"]) => Inbox.Inbox["Service"]

/** The file holds something else, and is left as it is. */
export class ForeignFile extends Data.TaggedError("ForeignFile") {}

/** What others may do with a file. */
const others = 0o077
const newline = 0x0a

/**
 * Opens a file to append to, which its owner alone may read; it is made if it does not exist.
 *
 * **Details**
 *
 * A delivery is in the file before it becomes events. While the file cannot be written everything waits, and it is tried
 * again: a warning a minute says so. What was half written stays, as a line of its own. A crash of the process may record
 * a delivery twice, and with a durable inbox loses none; the file is not forced to the disk, so a crash of the machine may
 * lose its end.
 */
export const open = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Recorder, PlatformError.PlatformError | ForeignFile, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(path, { flag: "a+", mode: 0o600 })
  const { mode, size, type } = yield* file.stat
  if (type === "File" && size > 0n && !(yield* isRecording(file))) return yield* new ForeignFile()
  if (type === "File" && (mode & others) !== 0) yield* fs.chmod(path, 0o600)
  /** The last line is not whole: what follows it begins on a line of its own. */
  let torn = type === "File" && size > 0n && !(yield* endsLine(file, size))
  const warn = OnceAMinute.make(
    Effect.logWarning("What arrives cannot be recorded. It waits until the file can be written, and is not lost.")
  )
  const utf8 = new TextEncoder()
  const write = (line: string) =>
    Effect.suspend(() => file.writeAll(utf8.encode(`${torn ? "\n" : ""}${line}\n`))).pipe(
      Effect.tap(() =>
        Effect.sync(() => {
          torn = false
        })
      ),
      Effect.tapError(() => {
        torn = true
        return warn
      }),
      Effect.retry(backoff),
      Effect.orDie
    )
  return (inbox) => onTake(inbox, (delivery) => write(Recording.write(delivery)))
})

/** Whether it begins as a recorded delivery does, as far as it goes; a write that failed may have left empty lines. */
const isRecording = (file: FileSystem.File) =>
  Effect.map(file.readAlloc(64, { position: 0n }), (begin) => {
    const text = new TextDecoder().decode(Option.getOrUndefined(begin)).trimStart()
    return text.startsWith(Recording.beginning) || Recording.beginning.startsWith(text)
  })

const endsLine = (file: FileSystem.File, size: bigint) =>
  Effect.map(file.readAlloc(1, { position: size - 1n }), (last) => Option.getOrUndefined(last)?.[0] === newline)
