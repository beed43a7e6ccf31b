/** What may come over a connection to the webhook, word by word, and how it is answered. */
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { path, sign, verifyToken } from "../webhook/loopback.ts"

export const limit = 1000
export const body = Delivery.text("wamid.1")
export const other = Delivery.text("wamid.2", { text: "and another" })
const signature = Effect.runSync(sign(body))
export const otherSignature = Effect.runSync(sign(other))
export const signed = `x-hub-signature-256: ${signature}`

const head = (method: string, target: string, ...headers: ReadonlyArray<string>) =>
  [`${method} ${target} HTTP/1.1`, "host: localhost", ...headers, "", ""].join("\r\n")
export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1")
export const last = "connection: close"
export const length = (of: { readonly length: number }) => `content-length: ${of.length}`
const chunk = (piece: string, extension = "") => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`
export const post = (...headers: ReadonlyArray<string>) => head("POST", path, ...headers)
export const delivered = (target: string, ...headers: ReadonlyArray<string>) =>
  head("POST", target, signed, length(body), last, ...headers) + text(body)

const query = new URLSearchParams({
  "hub.mode": "subscribe",
  "hub.verify_token": verifyToken,
  "hub.challenge": "0042"
}).toString()

/** What is sent, piece by piece, and the statuses that come back. */
export const conversations: ReadonlyArray<readonly [string, ReadonlyArray<string>, ReadonlyArray<number>]> = [
  ["a delivery", [delivered(path)], [200]],
  ["a delivery in small pieces", delivered(path).match(/[^]{1,70}/g) ?? [], [200]],
  ["no signature", [post(length(body), last) + text(body)], [401]],
  [
    "another prefix",
    [post(`x-hub-signature-256: SHA256=${signature.slice(7)}`, length(body), last) + text(body)],
    [401]
  ],
  [
    "capital digits",
    [post(`x-hub-signature-256: sha256=${signature.slice(7).toUpperCase()}`, length(body), last) + text(body)],
    [200]
  ],
  ["the signature twice", [post(signed, signed, length(body), last) + text(body)], [401]],
  [
    "the signature of other bytes",
    [post(`x-hub-signature-256: ${otherSignature}`, length(body), last) + text(body)],
    [401]
  ],
  ["a query", [delivered(`${path}?a=b&c`)], [200]],
  ["an empty query", [delivered(`${path}?`)], [200]],
  ["a fragment", [delivered(`${path}#here`)], [200]],
  ["a slash behind the path", [delivered(`${path}/`)], [200]],
  ["slashes before the path", [delivered(`//${path}`)], [200]],
  ["an escaped path", [delivered(path.replace("w", "%77"))], [200]],
  ["a path in capitals", [delivered(path.toUpperCase())], [200]],
  ["a path that goes on", [delivered(`${path}s`)], [404]],
  ["a path that is no path", [delivered(`${path}%zz`)], [404]],
  ["a whole address", [delivered(`http://localhost${path}`)], [200]],
  ["a delivery elsewhere", [delivered("/")], [404]],
  ["a handshake", [head("GET", `${path}?${query}`, last)], [200]],
  ["a handshake of somebody else", [head("GET", path, last)], [403]],
  ["the question whether it is well", [head("GET", "/health", last)], [200]],
  ["a program's own route", [head("POST", "/echo", "content-length: 5", last), "hello"], [200]],
  ...["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"].map(
    (method) =>
      [method, [head(method, path, signed, "content-length: 0", last)], [method === "HEAD" ? 403 : 404]] as const
  ),
  ["neither a length nor a body", [post(signed, last)], [401]],
  ["the length that is allowed", [post(`content-length: ${limit}`, last), "a".repeat(limit)], [401]],
  ["one byte more", [post(`content-length: ${limit + 1}`), "a".repeat(limit + 1)], [413]],
  ["a body that is announced as endless", [post("content-length: 1000000000000"), "a".repeat(5000)], [413]],
  ["chunks", [post(signed, "transfer-encoding: chunked", last), chunk(text(body)), chunk("")], [200]],
  [
    "chunks with extensions, and trailers",
    [
      post(signed, "transfer-encoding: chunked", "trailer: x-end", last),
      ...(text(body).match(/[^]{1,100}/g) ?? []).map((piece) => chunk(piece, ';name="a value"')),
      "0;last\r\nx-end: yes\r\n\r\n"
    ],
    [200]
  ],
  [
    "chunks over the limit",
    [post("transfer-encoding: chunked"), chunk("a".repeat(limit)), chunk("a"), chunk("")],
    [413]
  ],
  [
    "chunks far over the limit",
    [post("transfer-encoding: chunked"), ...Array<string>(9).fill(chunk("a".repeat(limit)))],
    [413]
  ],
  ["a chunk that is none", [post("transfer-encoding: chunked"), "zz\r\n"], [400]],
  ["a question before a delivery", [post(signed, length(body), "expect: 100-continue", last), text(body)], [100, 200]],
  ["a question before too much", [post("content-length: 1001", "expect: 100-continue")], [413]],
  ["another expectation", [post(length(body), "expect: a miracle", last)], [417]],
  ["a delivery of old", [`POST ${path} HTTP/1.0\r\n${signed}\r\n${length(body)}\r\n\r\n${text(body)}`], [200]],
  ["two lengths", [post("content-length: 3", "content-length: 4"), "abcd"], [400]],
  ["a length and chunks", [post("content-length: 3", "transfer-encoding: chunked"), chunk("abc"), chunk("")], [400]],
  ["a length that is none", [post("content-length: -3")], [400]],
  ["more than the length", [post("content-length: 3"), "abcdef\r\n\r\n"], [400]],
  ["a header without end", [`POST ${path} HTTP/1.1\r\nhost: localhost\r\nx: ${"a".repeat(20_000)}`], [431]],
  ["no HTTP at all", ["\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"], [400]],
  ["no host", [`POST ${path} HTTP/1.1\r\n${length(body)}\r\n\r\n`], [400]],
  ["a wish to speak otherwise", [delivered(path, "upgrade: h2c")], [200]],
  [
    "many at once",
    [
      post(signed, length(body)) + text(body) + head("GET", "/health") + post(length(body)) + text(body),
      post(`x-hub-signature-256: ${otherSignature}`, length(other)) + text(other) + head("GET", "/nowhere"),
      post(signed, "transfer-encoding: chunked") + chunk(text(body)) + chunk("") + delivered(path)
    ],
    [200, 200, 401, 200, 404, 200, 200]
  ],
  [
    "too much, and another delivery behind it",
    [post(`content-length: ${limit + 1}`) + "a".repeat(limit + 1) + delivered(path)],
    [413]
  ]
]

export const statuses = (received: string) =>
  Array.from(received.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status))
export const withoutDate = (received: string) => received.replaceAll(/^date: .*$/gim, "date")
