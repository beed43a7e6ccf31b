/**
 * Remembers which ids are one person: somebody who changes their phone number gets a new BSUID too, and an item may
 * name them by either. All that is known is known per business phone number.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type * as Redis from "effect/persistence/Redis"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { PhoneNumberId } from "../domain/Ids.ts"
import type { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import type { IdentitiesError } from "../errors/IdentitiesError.ts"
import * as IdentitiesMemory from "../stores/IdentitiesMemory.ts"
import * as IdentitiesRedis from "../stores/IdentitiesRedis.ts"
import * as IdentitiesSql from "../stores/IdentitiesSql.ts"
import type { Method } from "./Method.ts"

/**
 * The one id under which a person is known now: the BSUID, or the phone in its normal form while no BSUID was seen
 * with it. Neither for an item that names nobody.
 */
export type Known = Pick<WhatsAppUser, "userId" | "waId">

/** Service that tells under which id a person is known. Names and parent BSUIDs are not looked at. */
export class Identities extends Context.Service<
  Identities,
  {
    /**
     * Takes in what an item says about a person, and tells under which id they are known now. Safe to repeat. A phone
     * belongs to the BSUID it was last seen with, since Meta gives phones to new people but BSUIDs never.
     */
    readonly observe: Method<[number: PhoneNumberId, user: WhatsAppUser], Known, IdentitiesError>
    /** The same without learning. */
    readonly find: Method<[number: PhoneNumberId, user: WhatsAppUser], Known, IdentitiesError>
    /** Two identities are one person: what was `previous` is `current` from now on. Safe to repeat, also late. */
    readonly merge: Method<
      [number: PhoneNumberId, previous: WhatsAppUser, current: WhatsAppUser],
      Known,
      IdentitiesError
    >
    /**
     * Erases a person: all links that lead to whom `find` finds. They are known by what an item itself says, until more is
     * observed. Slow, as it may look at all links of the number.
     */
    readonly forget: Method<[number: PhoneNumberId, user: WhatsAppUser], void, IdentitiesError>
  }
>()("@effect-whatsapp/core/services/Identities") {}

/** Makes what `layerMemory` provides, for those who need no layer. */
export const makeMemory = (options?: IdentitiesMemory.Options): Identities["Service"] => IdentitiesMemory.make(options)

/**
 * Layer that remembers the links between ids in this process.
 *
 * **Gotchas**
 *
 * A restart forgets everything, and at `capacity` links (200,000 by default) those that were not used for longest are
 * forgotten. A person is then known by what the item itself says: somebody who was found under one id may be found
 * under another, in a conversation of its own.
 */
export const layerMemory = (options?: IdentitiesMemory.Options): Layer.Layer<Identities> =>
  Layer.sync(Identities, () => makeMemory(options))

/**
 * Layer that shares the links between ids through Redis, 6.2 or newer; they outlive the processes that use them.
 *
 * **Details**
 *
 * A link is kept for `remember` (90 days by default) after it was last used. Without an answer in 5 seconds a method
 * fails; repeating it is safe.
 *
 * **Gotchas**
 *
 * Keys and values hold phone numbers and BSUIDs, which are personal data: guard that Redis as you guard a list of
 * customers.
 */
export const layerRedis = (options?: IdentitiesRedis.Options): Layer.Layer<Identities, never, Redis.Redis> =>
  Layer.effect(Identities, IdentitiesRedis.make(options))

/**
 * Layer that keeps the links between ids in a SQLite database of this process; a restart knows who is who.
 *
 * **Details**
 *
 * A link is known at once, and committed at the end of the turn by the `SqlJournal` of the context; without one, by a
 * journal of its own. It is kept for `remember` (90 days by default) after it was last used. At `capacity` links (20
 * million by default) the half that was not used for longest is forgotten.
 *
 * **Gotchas**
 *
 * The database must be this process's alone, and it holds phone numbers and BSUIDs, which are personal data. The layer
 * dies at start on any database but SQLite.
 */
export const layerSql = (options?: IdentitiesSql.Options): Layer.Layer<Identities, SqlError, SqlClient.SqlClient> =>
  Layer.effect(Identities, IdentitiesSql.make(options))
