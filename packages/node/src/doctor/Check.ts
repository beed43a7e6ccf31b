/** One thing that is looked at, and what comes of it. */
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import type * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Mac from "effect/crypto/Mac"
import type * as HttpClient from "effect/http/HttpClient"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Meta } from "./Meta.ts"
import type { Setup } from "./Setup.ts"

/** What is not right, and how it becomes right. Holds no secret and no phone number. */
interface Problem {
  readonly what: string
  readonly mend: string
  /** Why it matters, where it is not what the check says. */
  readonly why?: string
}

export type Outcome =
  | { readonly status: "ok"; readonly what: string }
  | ({ readonly status: "warning" | "failure" } & Problem)
  /** Could not be looked at, or does not concern this set-up. */
  | { readonly status: "skipped"; readonly what: string }

/** What a check may use. */
export type Services =
  | Setup
  | Meta
  | FileSystem.FileSystem
  | Path.Path
  | ChildProcessSpawner
  | HttpClient.HttpClient
  | Mac.Mac

export interface Check {
  /** Group and name, as in `token.expiry`. */
  readonly id: string
  /** What is so when all is well. */
  readonly right: string
  readonly why: string
  /** Whether it talks to Meta or to the webhook: what `--offline` leaves out. */
  readonly isRemote: boolean
  /** Ids of the checks without whose success this one could only raise a false alarm. */
  readonly needs: ReadonlyArray<string>
  readonly run: Effect.Effect<Outcome, never, Services>
  /** What `--fix` can do when the outcome is a warning or a failure. */
  readonly fix?: Fix
}

interface Fix {
  /** What will be done, as in "subscribe the app to the account"; nothing where it cannot be mended for this set-up. */
  readonly will: Effect.Effect<string | undefined, never, Services>
  readonly run: Effect.Effect<void, WhatsAppError | PlatformError, Services>
}

export const ok = (what: string): Outcome => ({ status: "ok", what })
export const warning = (what: string, mend: string, why?: string): Outcome => problem("warning", what, mend, why)
export const failure = (what: string, mend: string, why?: string): Outcome => problem("failure", what, mend, why)
export const skipped = (what: string): Outcome => ({ status: "skipped", what })

const problem = (status: "warning" | "failure", what: string, mend: string, why: string | undefined): Outcome => ({
  status,
  what,
  mend,
  ...(why === undefined ? {} : { why })
})
