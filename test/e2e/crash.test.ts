/** Promises 2, 6, 7 and 9 on real processes: kill -9 under load. */
import { it } from "@effect/vitest"
import { kill } from "./crash/run.ts"

it.live("loses, reorders and forgets nothing when the server is killed 5 times under load", () => kill(5), 120_000)
