/** What the examples of the helps are run in, and what is expected of them. */
import { assert } from "@effect/vitest"
import type { Effect, Scope } from "effect"
import type { Outcome } from "../commandLine.ts"
import * as CommandLine from "../commandLine.ts"
import type { Shell } from "./shell.ts"

/** Runs the line that stands in the help, exactly as it stands there, and asserts what it is there to show. */
export type Example = (shell: Shell, line: string) => Effect.Effect<unknown, unknown, Scope.Scope>

/** The examples of some commands, by the line that the help prints. */
export interface Examples {
  readonly [line: string]: Example
}

/** Asserts that it did what it is there to show, and wrote nothing about an error. */
export const assertDone = ({ code, stderr, stdout }: Outcome): void => {
  assert.strictEqual(code, 0, stderr)
  CommandLine.assertNoStack(stdout + stderr)
}
