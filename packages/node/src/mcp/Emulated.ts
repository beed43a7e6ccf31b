/** The emulator inside of this process: started when it is asked for, one at a time, and gone with the server. */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { type Activity, CloudApiEmulator, layer as layerEmulator } from "../emulator/CloudApiEmulator.ts"
import { ToolError } from "./internal/ToolError.ts"

type Emulator = CloudApiEmulator["Service"]

/** Nobody's: they open this emulator, and nothing else. */
export const credentials = {
  accessToken: "made-up-access-token",
  phoneNumberId: "100000000000001",
  businessAccountId: "200000000000001",
  appSecret: "made-up-app-secret",
  verifyToken: "made-up-verify-token"
} as const

export interface Options {
  /** @default 0, which takes a free one */
  readonly port?: number
}

export interface Happening {
  /** Counts from 1. */
  readonly number: number
  readonly at: DateTime.Utc
  readonly activity: Activity
}

export interface Running {
  readonly emulator: Emulator
  readonly webhookUrl: string
  /** The newest 1000 things that happened, oldest first. */
  readonly log: () => ReadonlyArray<Happening>
}

export class Emulated extends Context.Service<
  Emulated,
  {
    /** Starts it, or only sends its deliveries elsewhere when it runs. */
    readonly start: (webhookUrl: string) => Effect.Effect<Running, ToolError>
    /** Ends it with all that it knew; whether there was one. */
    readonly stop: Effect.Effect<boolean>
    /** Forgets everything that happened. */
    readonly reset: Effect.Effect<Running, ToolError>
    readonly running: Effect.Effect<Running, ToolError>
  }
>()("@effect-whatsapp/node/mcp/Emulated") {}

const most = 1000

const make = (options: Options) =>
  Effect.gen(function* () {
    const scope = yield* Scope.Scope
    const lock = yield* Semaphore.make(1)
    let current: { readonly running: Running; readonly port: number; readonly scope: Scope.Closeable } | undefined

    const open = Effect.fnUntraced(function* (webhookUrl: string, port: number) {
      const own = yield* Scope.fork(scope)
      const built = Layer.buildWithScope(
        layerEmulator({
          port,
          businessAccountId: credentials.businessAccountId,
          numbers: [
            {
              phoneNumberId: credentials.phoneNumberId,
              displayPhoneNumber: "15550001000",
              accessToken: credentials.accessToken
            }
          ],
          appSecret: credentials.appSecret,
          webhookUrl
        }),
        own
      )
      const context = yield* built.pipe(
        // Also when nobody waits for it any more.
        Effect.onError(() => Scope.close(own, Exit.void)),
        Effect.mapError(() => new ToolError({ message: `The emulator cannot listen on port ${port}; is it taken?` }))
      )
      const emulator = Context.get(context, CloudApiEmulator)
      const log: Array<Happening> = []
      let number = 0
      yield* Stream.runForEach(emulator.activity, (activity) =>
        Effect.map(DateTime.now, (at) => {
          log.push({ number: ++number, at, activity })
          if (log.length > most) log.shift()
        })
      ).pipe(Effect.forkIn(own))
      const running: Running = { emulator, webhookUrl, log: () => log }
      current = { running, port: Number(new URL(emulator.url).port), scope: own }
      return running
    })
    const close = Effect.gen(function* () {
      const last = current
      current = undefined
      if (last !== undefined) yield* Scope.close(last.scope, Exit.void)
      return last
    })

    const start = Effect.fnUntraced(function* (webhookUrl: string) {
      if (current === undefined) return yield* open(webhookUrl, options.port ?? 0)
      yield* current.running.emulator.setWebhookUrl(webhookUrl)
      const running = { ...current.running, webhookUrl }
      current = { ...current, running }
      return running
    })

    const none = new ToolError({ message: "No emulator runs: start one with whatsapp_emulator_start" })
    return Emulated.of({
      start: (webhookUrl) => lock.withPermit(start(webhookUrl)),
      stop: lock.withPermit(Effect.map(close, (last) => last !== undefined)),
      reset: lock.withPermit(
        Effect.flatMap(close, (last) =>
          last === undefined ? Effect.fail(none) : open(last.running.webhookUrl, last.port)
        )
      ),
      running: Effect.suspend(() => (current === undefined ? Effect.fail(none) : Effect.succeed(current.running)))
    })
  })

export const layer = (options: Options = {}): Layer.Layer<Emulated> => Layer.effect(Emulated, make(options))
