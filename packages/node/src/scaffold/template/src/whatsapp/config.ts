/** What the bot stands on. Each line is a layer: to swap one, change its line. */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Deduplication, Identities, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { NodeRedis } from "@effect/platform-node"
import { Config, Layer } from "effect"

/** What sends, with WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID from the environment. */
export const Client = WhatsAppClient.layerConfig

/** Says who is the `Owner` and who a `Customer`, by WHATSAPP_OWNER_PHONES. */
export const Owner = OwnerResolver.layerConfig

/** The file of the stores that keep something; it is made when it does not exist. */
const path = "bot.db"

const redisUrl = Config.String("REDIS_URL").pipe(Config.withDefault("redis://127.0.0.1:6379"))

export const stores = {
  /** Everything in this process: an orderly stop finishes what is open, a crash loses it. */
  memory: Layer.mergeAll(Deduplication.layerMemory(), Inbox.layerMemory()),

  /** Everything in one file: what was acknowledged to Meta survives a crash. */
  sqlite: Layer.mergeAll(Deduplication.layerSql(), Identities.layerSql(), MessageStates.layerSql()).pipe(
    Layer.provideMerge(Inbox.layerSqlite({ path }))
  ),

  /** What is open in the file; what was seen, and who is who, in a Redis that other machines can share. */
  redis: Layer.mergeAll(Deduplication.layerRedis(), Identities.layerRedis(), MessageStates.layerRedis()).pipe(
    Layer.provide(NodeRedis.layerConfig({ url: redisUrl })),
    Layer.provideMerge(Inbox.layerSqlite({ path }))
  )
}

/** Where the bot keeps what was delivered and what it has seen: one of the above. */
export const Stores = stores.memory
