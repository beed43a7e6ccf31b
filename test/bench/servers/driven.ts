/**
 * What every server of the benchmarks shares: the secret and the path, and what it tells the driver that started it:
 * where it listens, and when it has handled as many events as the driver waits for. So all of them pay the same for it.
 */
import { writeFileSync } from "node:fs"
import { Session } from "node:inspector/promises"

export const appSecret = "0123456789abcdef0123456789abcdef"
export const verifyToken = "bench-verify-token"
export const path = "/whatsapp/webhook"

/** What the driver asks. */
export type Question =
  | { readonly _tag: "Expect"; readonly count: number }
  | { readonly _tag: "Usage"; readonly collect: boolean }
  | { readonly _tag: "StartProfile" }
  | { readonly _tag: "StopProfile"; readonly file: string }

const tell = (answer: object): void => {
  process.send?.(answer)
}

/** Tells that requests are answered now. */
export const listening = (port: number): void => tell({ _tag: "Listening", port })

let handledSoFar = 0
let expected = Infinity
const tellWhenReached = () => {
  if (handledSoFar < expected) return
  expected = Infinity
  tell({ _tag: "Reached", count: handledSoFar })
}

/** With this in the environment every message is told, and one that says "slow" takes its time. */
const isProbed = process.env["BENCH_PROBE"] !== undefined
const slowly = 300

const probed = async (wamid: string): Promise<void> => {
  tell({ _tag: "Started", wamid })
  if (wamid.includes("never")) await new Promise(() => {})
  if (wamid.includes("slow")) await new Promise((resolve) => setTimeout(resolve, slowly))
  tell({ _tag: "Handled", wamid })
}

/** The work on one message: it is counted. Asynchronous only while it is probed. */
export const handle = (wamid: string): Promise<void> | undefined => {
  if (isProbed) return probed(wamid)
  handledSoFar++
  if (handledSoFar >= expected) tellWhenReached()
  return undefined
}

let profiler: Session | undefined

const startProfile = async () => {
  profiler = new Session()
  profiler.connect()
  await profiler.post("Profiler.enable")
  await profiler.post("Profiler.setSamplingInterval", { interval: 100 })
  await profiler.post("Profiler.start")
  tell({ _tag: "ProfileStarted" })
}

const stopProfile = async (file: string) => {
  const stopped = await profiler?.post("Profiler.stop")
  writeFileSync(file, JSON.stringify(stopped?.profile))
  tell({ _tag: "ProfileWritten" })
}

const tellUsage = (collect: boolean) => {
  if (collect) globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  const { system, user } = process.cpuUsage()
  tell({ _tag: "Usage", heapUsed, rss, cpuMicroseconds: system + user })
}

process.on("message", (question: Question) => {
  switch (question._tag) {
    case "Expect": {
      expected = question.count
      return tellWhenReached()
    }
    case "Usage":
      return tellUsage(question.collect)
    case "StartProfile":
      return void startProfile()
    case "StopProfile":
      return void stopProfile(question.file)
  }
})
process.on("disconnect", () => process.exit())
