/** What an engine knows of a delivery and of a task, and whom it tells of changes. */
import type { DeliveryDigest } from "@effect-whatsapp/core/domain"
import type * as Inbox from "../Inbox.ts"
import type { Lane } from "./laneQueues.ts"

/** A delivery that has something left to do, or dead letters. */
export interface Kept {
  /** Its place in the order of arrival. */
  readonly number: number
  readonly digest: DeliveryDigest
  readonly receivedAt: number
  readonly size: number
  readonly trace: Inbox.Trace | undefined
  /** Absent when it must be asked of the keeper. */
  body: Uint8Array | undefined
  /** Every task that was ever admitted, so that admitting one again changes nothing. */
  readonly admitted: Map<string, Entry>
  settled: boolean
  /** Each of its items is remembered elsewhere, for as long as its digest would be. */
  known: boolean
  /** Tasks that are not done, dead letters among them. */
  tasks: number
  dead: number
  /** Nothing is left of it, but the keeper still has it. */
  erased: boolean
  /** For the keeper: it has it, and it has tasks of it. */
  stored: boolean
  tasksStored: boolean
  /** Where items stood that were erased: nothing is admitted of them any more. */
  forgotten: Set<string> | undefined
}

export interface Entry {
  readonly kept: Kept
  readonly id: string
  readonly task: Inbox.NewTask
  readonly admittedAt: number
  /** Its place among the tasks of its lane, or among the dead letters. */
  order: number
  lane: Lane
  state: "waiting" | "running" | "done" | "dead"
  /** How it ended is told to the keeper, and not kept yet: its lane waits. */
  ending: boolean
  attempts: number
  /** Token of the current lease. */
  lease: string | undefined
  /** Since when and until when it is held back. */
  held: { readonly since: number; readonly until: number } | undefined
  letter: { readonly cause: string; readonly diedAt: number } | undefined
}

/** Writes down what it is told of, or does not; and calls `marked` when a task is as it was told. */
export interface Keeper {
  readonly delivery: (kept: Kept) => void
  readonly task: (entry: Entry) => void
}
