/** An inbox for people and for programs. */
import * as DateTime from "effect/DateTime"
import type * as Inbox from "../../inbox/Inbox.ts"
import type * as InboxFile from "../../inbox/InboxFile.ts"
import { harmless } from "./harmless.ts"

/** The first line of a cause tells what failed; its stack is for `--json`. */
export const describeLetter = ({ cause, diedAt, task }: Inbox.DeadLetter): string => {
  const [first = ""] = cause.split("\n", 1)
  const attempts = `${task.attempts} ${task.attempts === 1 ? "attempt" : "attempts"}`
  const parts = [task.id, DateTime.formatIso(diedAt), task.listener, task.tag, `${attempts}:`, first.trim()]
  return harmless(parts.join(" "))
}

export const letterJson = ({ cause, diedAt, task }: Inbox.DeadLetter): string =>
  JSON.stringify({
    id: task.id,
    listener: task.listener,
    tag: task.tag,
    attempts: task.attempts,
    admittedAt: DateTime.formatIso(task.admittedAt),
    diedAt: DateTime.formatIso(diedAt),
    cause
  })

export const describeStatus = (status: InboxFile.Status): ReadonlyArray<string> => [
  `owner         ${status.isOwned ? "a running process" : "none"}`,
  `open          ${status.deliveries} deliveries, ${status.bytes} bytes`,
  `oldest        ${status.oldest === undefined ? "none" : DateTime.formatIso(status.oldest)}`,
  `not admitted  ${status.unsettled} deliveries`,
  `waiting       ${status.waiting} tasks`,
  `dead letters  ${status.dead}`,
  `file          ${status.fileBytes} bytes`
]

export const statusJson = ({ isOwned, oldest, ...status }: InboxFile.Status): string =>
  JSON.stringify({ ...status, oldest: oldest === undefined ? null : DateTime.formatIso(oldest), owned: isOwned })
