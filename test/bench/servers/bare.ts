/**
 * The least that a webhook can do on Node: read, check the signature, parse, remember the ids, answer. With `memory`
 * nothing is kept. With `turn` every body is committed to SQLite before the answer, all of one turn of the event loop
 * in one transaction; with `each` every body has a transaction of its own.
 */
import { createHmac, timingSafeEqual } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { appSecret, handle, listening, path } from "./driven.ts"

interface Envelope {
  readonly entry: ReadonlyArray<{
    readonly changes: ReadonlyArray<{
      readonly value: { readonly messages?: ReadonlyArray<{ readonly id: string }> }
    }>
  }>
}

const [, , mode = "memory", folder = "."] = process.argv

const seen = new Map<string, true>()

const parse: (text: string) => Envelope = JSON.parse

const read = (body: Buffer): void => {
  const envelope = parse(body.toString("utf8"))
  for (const entry of envelope.entry) {
    for (const { value } of entry.changes) {
      for (const { id } of value.messages ?? []) {
        if (seen.has(id)) continue
        seen.set(id, true)
        void handle(id)
      }
    }
  }
}

type Keep = (id: Buffer, body: Buffer, kept: () => void) => void

const openFile = () => {
  const database = new DatabaseSync(join(folder, "bare.sqlite"))
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS delivery (
      seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, body BLOB NOT NULL, received_at INTEGER NOT NULL
    )
  `)
  const insert = database.prepare("INSERT OR IGNORE INTO delivery (id, body, received_at) VALUES (?, ?, ?)")
  return {
    begin: database.prepare("BEGIN IMMEDIATE"),
    commit: database.prepare("COMMIT"),
    insert: (id: Buffer, body: Buffer) => insert.run(id, body, Date.now())
  }
}

const keepers: { readonly [mode: string]: () => Keep } = {
  memory: () => (_id, _body, kept) => kept(),
  each: () => {
    const { insert } = openFile()
    return (id, body, kept) => {
      insert(id, body)
      kept()
    }
  },
  turn: () => {
    const { begin, commit, insert } = openFile()
    let waiting: Array<Parameters<Keep>> = []
    const flush = () => {
      const batch = waiting
      waiting = []
      begin.run()
      for (const [id, body] of batch) insert(id, body)
      commit.run()
      for (const [, , kept] of batch) kept()
    }
    return (id, body, kept) => {
      if (waiting.push([id, body, kept]) === 1) setImmediate(flush)
    }
  }
}

const keep = keepers[mode]?.()
if (keep === undefined) throw new Error(`${mode} is none of ${Object.keys(keepers).join(", ")}`)

const answer = (response: ServerResponse, status: number, text: string) =>
  response.writeHead(status, { "content-type": "application/json", "content-length": text.length }).end(text)

const receive = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
  const expected = createHmac("sha256", appSecret).update(body).digest()
  const header = request.headers["x-hub-signature-256"]
  const given = Buffer.from(typeof header === "string" ? header.slice("sha256=".length) : "", "hex")
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return answer(response, 401, "")
  keep(expected, body, () => {
    read(body)
    answer(response, 200, `{"received":true}`)
  })
  return undefined
}

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  if (request.method !== "POST" || request.url !== path) return answer(response, 404, "")
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () =>
    receive(request, response, chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
  )
  return undefined
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") listening(address.port)
})
