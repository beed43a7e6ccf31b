/** How a command ends: 0, 1 when it failed, 2 when it was called wrongly. Either way one readable line says why. */
import type { InboxError } from "@effect-whatsapp/core/errors"
import type * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as Runtime from "effect/Runtime"
import type * as PlatformError from "effect/PlatformError"
import * as CliError from "effect/cli/CliError"
import { firstProblem } from "../../internal/problems.ts"
import { harmless } from "./harmless.ts"

/** The command could not do what it was asked to. Exit code 1. */
export class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {
  override readonly [Runtime.errorExitCode]: number = 1
  override readonly [CliError.userMessage]: string = this.message
}

/** What was asked makes no sense. Exit code 2. */
export class Usage extends Data.TaggedError("Usage")<{ readonly message: string }> {
  override readonly [Runtime.errorExitCode]: number = 2
  override readonly [CliError.userMessage]: string = this.message
}

/** `effect/cli` ends what it cannot parse with 1, which is for failures. */
export const teardown: Runtime.Teardown = (exit, onExit) => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  const isUsage = CliError.isCliError(error) && (error._tag !== "ShowHelp" || error.errors.length > 0)
  return isUsage ? onExit(2) : Runtime.defaultTeardown(exit, onExit)
}

/** A file that cannot be used, or an owner who does not answer. */
export const inboxFailure = ({ details }: InboxError): Failure => new Failure({ message: details })

const troubles: { readonly [reason: string]: string } = {
  NotFound: "it or its folder does not exist",
  PermissionDenied: "permission denied"
}

/** A file that cannot be read or written. */
export const fileFailure = (
  path: string,
  what: "read" | "written",
  { reason }: PlatformError.PlatformError
): Failure => {
  const why = troubles[reason._tag]
  return new Failure({ message: `The file ${harmless(path)} cannot be ${what}${why === undefined ? "" : `: ${why}`}` })
}

/** A configuration that is incomplete, in one line that names every variable. */
export const configFailure = (error: Config.ConfigError): Failure =>
  new Failure({
    message:
      error.cause._tag === "SchemaError"
        ? `Check the environment: ${firstProblem(error.cause.issue)}`
        : "The environment could not be read"
  })
