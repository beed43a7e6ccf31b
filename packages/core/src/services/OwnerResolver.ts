/**
 * Says who is talking. It sees everything Meta told about the sender, because a business may know its owner by phone,
 * by BSUID or by a row in a database; it is asked and never guessed, so it may also fail.
 */
import * as Cache from "effect/Cache"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { bsuidPattern } from "../domain/Ids.ts"
import { digits, normalForm } from "../domain/PhoneNumber.ts"
import { Customer, Owner, type SenderIdentity } from "../domain/SenderIdentity.ts"
import type { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import * as Method from "./Method.ts"
import { OwnerResolverError } from "../errors/OwnerResolverError.ts"

/** Service that tells the owner of the business from its customers. */
export class OwnerResolver extends Context.Service<
  OwnerResolver,
  {
    /** Asked once for every event with a sender. When it fails, the item waits and is asked for again. */
    readonly resolve: Method.Method<[user: WhatsAppUser], SenderIdentity, OwnerResolverError>
  }
>()("@effect-whatsapp/core/services/OwnerResolver") {}

const identity = (user: WhatsAppUser, isOwner: boolean): SenderIdentity =>
  isOwner ? Owner.make({ user }) : Customer.make({ user })

/**
 * Layer that asks `isOwner`, a predicate or an effect: a look-up in a database, say.
 *
 * **Example** (The owner by username)
 *
 * ```ts
 * import { OwnerResolver } from "@effect-whatsapp/core/services"
 *
 * const ByUsername = OwnerResolver.layer((user) => user.username === "ida.voss")
 * ```
 */
export const layer = <E = never, R = never>(
  isOwner: (user: WhatsAppUser) => boolean | Effect.Effect<boolean, E, R>
): Layer.Layer<OwnerResolver, never, R> =>
  Layer.effect(
    OwnerResolver,
    Effect.map(Effect.context<R>(), (context) => ({
      resolve: (user) =>
        Effect.suspend(() => {
          const answer = isOwner(user)
          return typeof answer === "boolean" ? Effect.succeed(answer) : Effect.provideContext(answer, context)
        }).pipe(
          Effect.map((yes) => identity(user, yes)),
          Effect.mapError((cause) => new OwnerResolverError({ cause }))
        )
    }))
  )

const known = (phones: Iterable<string>, userIds: Iterable<string>) => {
  const numbers = new Set(Array.from(phones, normalForm))
  // A blank entry names nobody.
  numbers.delete("")
  const ids = new Set(userIds)
  const isOwner = ({ parentUserId, userId, waId }: WhatsAppUser): boolean =>
    (userId !== undefined && ids.has(userId)) ||
    (parentUserId !== undefined && ids.has(parentUserId)) ||
    (waId !== undefined && numbers.has(normalForm(waId)))
  return Layer.succeed(OwnerResolver, {
    resolve: Method.make((user: WhatsAppUser) => identity(user, isOwner(user)))
  })
}

/** Layer that knows the owner by phone number, in any spelling: `+39 340 123 4567`. */
export const layerPhones = (phones: ReadonlyArray<string>): Layer.Layer<OwnerResolver> => known(phones, [])

const isPhone = (entry: string) => /^[\d\s+().-]+$/.test(entry) && /^[1-9]\d{6,14}$/.test(digits(entry))
const isUserId = (entry: string) => bsuidPattern.test(entry)

/** A comma-separated variable; blank is unset. What is wrong with an entry is said without the entry: it names a person. */
const list = (name: string, isValid: (entry: string) => boolean, expected: string) =>
  Config.mapEffect(Config.withDefault(Config.String(name), ""), (value) => {
    const entries = value.trim() === "" ? [] : value.split(",").map((entry) => entry.trim())
    return entries.every(isValid)
      ? Effect.succeed(entries)
      : Effect.fail(
          new Config.ConfigError(
            new Schema.SchemaError(new SchemaIssue.Pointer([name], new SchemaIssue.InvalidValue({ expected })))
          )
        )
  })

/** What `layerConfig` reads, each variable on its own. */
export const variables = {
  phones: list(
    "WHATSAPP_OWNER_PHONES",
    isPhone,
    "phone numbers with country code, without leading zeros, 7 to 15 digits, between commas"
  ),
  userIds: list("WHATSAPP_OWNER_USER_IDS", isUserId, "BSUIDs, as in US.4821, between commas")
}

/**
 * Layer that reads the owners from `WHATSAPP_OWNER_PHONES` and `WHATSAPP_OWNER_USER_IDS`, both comma separated. With
 * neither set, everyone is a customer; a malformed entry stops the start.
 */
export const layerConfig: Layer.Layer<OwnerResolver, Config.ConfigError> = Layer.unwrap(
  Config.all(variables).pipe(Effect.map(({ phones, userIds }) => known(phones, userIds)))
)

export interface CacheOptions {
  /** How many people are remembered. @default 10_000 */
  readonly capacity?: number | undefined
  /** How long an answer holds. Failures are not remembered. @default "5 minutes" */
  readonly timeToLive?: Duration.Input | undefined
}

/** Layer that remembers the answers of the `OwnerResolver` it is provided with. */
export const layerCached = (options?: CacheOptions): Layer.Layer<OwnerResolver, never, OwnerResolver> =>
  Layer.effect(
    OwnerResolver,
    Effect.gen(function* () {
      const { resolve } = yield* OwnerResolver
      const timeToLive = Duration.fromInputUnsafe(options?.timeToLive ?? "5 minutes")
      const cache = yield* Cache.makeWith(resolve, {
        capacity: options?.capacity ?? 10_000,
        timeToLive: (exit) => (Exit.isSuccess(exit) ? timeToLive : Duration.zero)
      })
      return { resolve: (user) => Cache.get(cache, user) }
    })
  )
