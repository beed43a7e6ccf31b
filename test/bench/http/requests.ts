/** Deliveries as Meta posts them, each signed and with an id of its own, as the bytes that go over the wire. */
import { Delivery } from "@effect-whatsapp/core/testing"
import { createHmac } from "node:crypto"
import { appSecret, path } from "../servers/driven.ts"

/** Bytes of a body. */
export const bodySize = 900

/** Messages come from so many people. */
const people = 200

const placeholder = "wamid.HBgLMTY1MDU1NTAxNzcVAgARGBI5QTNDQTVC000000000000RTY3RTcA"
const start = placeholder.indexOf("000000000000")

/** Ids as long as Meta's, all different in one run of the benchmarks. */
let counter = 0
const nextWamid = () => {
  const unique = String(++counter).padStart(12, "0")
  return `${placeholder.slice(0, start)}${unique}${placeholder.slice(start + unique.length)}`
}

/** What one person wrote, without the id. Meta escapes everything that is not ASCII. */
const makeTemplate = (person: number): readonly [before: string, after: string] => {
  const from = String(16505550000 + person)
  const userId = `US.48210773395516${String(person).padStart(6, "0")}`
  const sender = { from, userId, name: `Zoë Müller ${person}`, username: `zoe.mueller.${person}` }
  const write = (text: string) => Buffer.from(Delivery.text(placeholder, { ...sender, text })).toString("latin1")
  const words = "Grüße, ist die Bestellung schon unterwegs? 📦 "
  const body = write(words + "x".repeat(bodySize - write(words).length))
  const at = body.indexOf(placeholder)
  return [body.slice(0, at), body.slice(at + placeholder.length)]
}

const templates = Array.from({ length: people }, (_, person) => makeTemplate(person))

/** A whole request with any body. */
export const requestOf = (body: Uint8Array, secret: string = appSecret): Buffer => {
  const signature = createHmac("sha256", secret).update(body).digest("hex")
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n` +
    `Content-Type: application/json\r\nX-Hub-Signature-256: sha256=${signature}\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, "latin1"), body])
}

/** So many text messages, from everybody in turn. */
export const texts = (count: number): ReadonlyArray<Buffer> =>
  Array.from({ length: count }, (_, i) => {
    const [before = "", after = ""] = templates[i % people] ?? []
    return requestOf(Buffer.from(before + nextWamid() + after, "latin1"))
  })
