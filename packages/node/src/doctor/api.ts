/** The Graph API: it answers, in a version that it still serves, and its clock and ours agree. */
import { apiVersions } from "@effect-whatsapp/core/client"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { variables } from "../project/variables.ts"
import { type Check, failure, ok, type Outcome, skipped, warning } from "./Check.ts"
import { Meta } from "./Meta.ts"
import { refused } from "./refused.ts"
import { Setup } from "./Setup.ts"
import { idOf } from "./variables.ts"

const day = 86_400_000
/** From then on a warning: a new version takes time to try. */
const notice = 90 * day

const newest = Object.keys(apiVersions).at(-1) ?? ""

const ageOf = (version: string, now: number): Outcome => {
  const known = apiVersions[version]
  const mend = `Set WHATSAPP_API_VERSION to a newer version, at most ${newest}, and run your tests.`
  if (known === undefined) {
    return warning(`${version} is not among the versions that this package knows`, mend)
  }
  if (known.sunset === undefined) return ok(`${version}; Meta has not said how long it serves it`)
  const left = Option.match(DateTime.make(known.sunset), {
    onNone: () => 0,
    onSome: (end) => end.epochMilliseconds - now
  })
  if (left <= 0) return failure(`Meta does not serve ${version} since ${known.sunset}`, mend)
  return left < notice
    ? warning(`Meta serves ${version} until ${known.sunset}, for ${Math.floor(left / day)} more days`, mend)
    : ok(`${version}, which Meta serves until ${known.sunset}`)
}

const apiVersion = Effect.flatMap(Setup, ({ provider }) =>
  // A version that cannot be read is told by the check of the variable, which this one needs.
  Effect.orElseSucceed(variables.WHATSAPP_API_VERSION.config.parse(provider), () => "")
)

const version: Check = {
  id: "api.version",
  right: "Meta serves the version of the Graph API for three more months at least",
  why: "A call to a version that is gone is served by another one, without an error: what is sent and received changes.",
  isRemote: false,
  needs: [idOf("WHATSAPP_API_VERSION")],
  run: Effect.gen(function* () {
    return ageOf(yield* apiVersion, yield* Clock.currentTimeMillis)
  })
}

const unreachable: ReadonlySet<string> = new Set(["ConnectionFailed", "NoAnswer", "UnexpectedAnswer", "ServerError"])

const reachable: Check = {
  id: "api.reachable",
  right: "the Graph API answers",
  why: "Nothing can be sent, and nothing else can be checked.",
  isRemote: true,
  needs: [idOf("WHATSAPP_API_URL"), idOf("WHATSAPP_API_VERSION"), idOf("WHATSAPP_ACCESS_TOKEN")],
  run: Effect.gen(function* () {
    const { token } = yield* Meta
    const { provider } = yield* Setup
    const apiUrl = yield* Effect.orElseSucceed(variables.WHATSAPP_API_URL.config.parse(provider), () => "")
    return yield* Effect.match(token, {
      onSuccess: () => ok("the Graph API answers"),
      // Whoever refuses, answers.
      onFailure: ({ reason }) =>
        unreachable.has(reason._tag)
          ? failure(
              `${URL.parse(apiUrl)?.host ?? "the Graph API"} does not answer as Meta does: ${reason.details}`,
              "Check WHATSAPP_API_URL, the network, and the proxy between this machine and Meta."
            )
          : ok("the Graph API answers")
    })
  })
}

const served: Check = {
  id: "api.served",
  right: "the version that was asked for answers",
  why: "Another version may read and write other things.",
  isRemote: true,
  needs: ["number.known"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const wanted = yield* apiVersion
    return yield* Effect.match(meta.server, {
      onFailure: refused,
      onSuccess: ({ apiVersion: answered }) => {
        if (answered === undefined) return skipped("the answer does not say which version it is of")
        return answered === wanted
          ? ok(`${answered} answers`)
          : warning(`${wanted} was asked for, and ${answered} answers`, `Set WHATSAPP_API_VERSION=${answered}.`)
      }
    })
  })
}

/** Meta's header tells whole seconds, and the answer was on its way. */
const tolerated = 60_000

const clock: Check = {
  id: "api.clock",
  right: "the clock of this machine and Meta's agree to a minute",
  why: "The 24 hours of a conversation, the expiry of the token and the age of a message are counted by it.",
  isRemote: true,
  needs: ["number.known"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const answer = yield* Effect.result(meta.server)
    const now = yield* Clock.currentTimeMillis
    if (answer._tag === "Failure") return refused(answer.failure)
    const { time } = answer.success
    if (time === undefined) return skipped("the answer does not say what time it is there")
    const ahead = now - time.epochMilliseconds
    return Math.abs(ahead) <= tolerated
      ? ok("the clocks agree")
      : warning(
          `the clock of this machine is ${Math.round(Math.abs(ahead) / 1000)} seconds ${ahead > 0 ? "ahead" : "behind"}`,
          "Let the machine keep time by NTP."
        )
  })
}

export const checks: ReadonlyArray<Check> = [version, reachable, served, clock]
