/** Who is measured, and how each is started. */
import { fileURLToPath } from "node:url"

export interface Contestant {
  readonly name: string
  /** Module of the server, from the folder `servers`. */
  readonly module: string
  readonly args: ReadonlyArray<string>
  /** How it is set up, in a few words. */
  readonly setup: string
  /** Whether it keeps a message before it answers. */
  readonly isDurable: boolean
}

/** The two lines that all others are compared with. */
export const bare = "bare"
export const bareDurable = "bare durable"

const peers: ReadonlyArray<Contestant> = [
  ["whatsapp-api-js", "whatsapp-api-js", "its `handle_post` on `node:http`"],
  [
    "great-detail, fastify",
    "great-detail-fastify",
    "`@great-detail/whatsapp` on Fastify, with the `await`s that its sample lacks"
  ],
  [
    "great-detail, express",
    "great-detail-express",
    "`@great-detail/whatsapp` on Express, with the `await`s that its sample lacks"
  ],
  ["kapso, express", "kapso", "`@kapso/whatsapp-cloud-api` on Express"]
].map(([name = "", file = "", setup = ""]) => ({
  name,
  module: `peers/${file}.mjs`,
  args: [],
  setup,
  isDurable: false
}))

export const contestants: ReadonlyArray<Contestant> = [
  {
    name: bare,
    module: "bare.ts",
    args: ["memory"],
    setup: "`node:http`, `createHmac`, `timingSafeEqual`, `JSON.parse` and a `Map`; nothing is kept",
    isDurable: false
  },
  {
    name: bareDurable,
    module: "bare.ts",
    args: ["turn"],
    setup:
      "the same, and each turn of the event loop commits its bodies to SQLite (WAL, `synchronous=FULL`) before it answers",
    isDurable: true
  },
  {
    name: "naive durable",
    module: "bare.ts",
    args: ["each"],
    setup: "the same, with a transaction for each request",
    isDurable: true
  },
  {
    name: "memory, router",
    module: "ours.ts",
    args: ["memory", "router"],
    setup: "`Inbox.layerMemory()` behind `WebhookRouter` in an `HttpRouter` of one's own",
    isDurable: false
  },
  {
    name: "memory, server",
    module: "ours.ts",
    args: ["memory", "server"],
    setup: "`Inbox.layerMemory()` behind `WebhookServer`, whose fast listener takes deliveries before the router",
    isDurable: false
  },
  {
    name: "SQLite, router",
    module: "ours.ts",
    args: ["sqlite", "router"],
    setup:
      "`Inbox.layerSqlite({ path })` with what was admitted, who is who and message states in the same file, behind `WebhookRouter`",
    isDurable: true
  },
  {
    name: "SQLite, server",
    module: "ours.ts",
    args: ["sqlite", "server"],
    setup: "the same behind `WebhookServer`",
    isDurable: true
  },
  ...peers
]

export const moduleOf = (module: string): string =>
  fileURLToPath(new URL(module, new URL("../servers/", import.meta.url)))
