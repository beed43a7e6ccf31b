/** Servers on the first core and the client on the second, where there are two and Linux's `taskset`. */
import { spawnSync } from "node:child_process"
import { availableParallelism } from "node:os"

export const serverCore = 0
const clientCore = 1

const canPin =
  process.platform === "linux" && availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0

/** Whether each has a core of its own. */
export const isPinned = canPin

/** A command that stays on one core. */
export const onCore = (core: number, command: readonly [string, ...ReadonlyArray<string>]) =>
  canPin ? (["taskset", "-c", String(core), ...command] as const) : command

/** Keeps this process on the client's core. */
export const pinClient = (): void => {
  if (canPin) spawnSync("taskset", ["-a", "-c", "-p", String(clientCore), String(process.pid)])
}
