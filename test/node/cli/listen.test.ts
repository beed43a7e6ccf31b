import { assert, layer, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, Schema } from "effect"
import { createHash, createHmac } from "node:crypto"
import * as Http from "./http.ts"
import {
  appSecret,
  assertNoSecret,
  decode,
  environment,
  Server,
  sign,
  signed,
  tags,
  texts,
  verifyToken,
  wamids
} from "./listening.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const bytes = (text: string) => new TextEncoder().encode(text)
const json = (value: unknown) => bytes(JSON.stringify(value))
const parse = Schema.decodeSync(Schema.fromJsonString(Schema.Json))

/** The same JSON in plain UTF-8, which Meta may send as well. */
const plain = (body: Uint8Array) => json(parse(new TextDecoder().decode(body)))

const limit = 3_145_728
/** A message in exactly `size` bytes. */
const padded = (wamid: string, size: number) => {
  const body = Delivery.text(wamid)
  return Buffer.concat([body, Buffer.alloc(size - body.length, " ")])
}

const flipped = (body: Uint8Array, at: number) => body.map((byte, index) => (index === at ? byte ^ 1 : byte))

const world = { excludeTestServices: true, timeout: "30 seconds" } as const

layer(Server.layer(["--json"]), world)("listen --json", (it) => {
  it.effect("says in one line where it listens, with the port it found and the path", () =>
    Effect.gen(function* () {
      const { printed, url } = yield* Server
      assert.match(url, /^http:\/\/localhost:[1-9]\d+\/whatsapp\/webhook$/)
      assert.strictEqual(printed(), `listening on ${url}\n`)
    })
  )

  for (const [name, write] of [
    ["plain UTF-8", plain],
    ["\\uXXXX escapes", (body: Uint8Array) => body]
  ] as const) {
    it.effect(`answers {"received":true} and prints one line for a message in ${name}`, () =>
      Effect.gen(function* () {
        const { deliver, events } = yield* Server
        const text = `perché no? 👩‍👩‍👧 "quoted" / \\ \n ${name}`
        yield* deliver(write(Delivery.text(`wamid.${name}`, { text })))
        assert.deepStrictEqual(texts(yield* events(1)), [text])
      })
    )
  }

  it.effect("prints everything that is known of a message", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      yield* deliver(Delivery.text("wamid.whole", { name: "Ida Vöss", userId: "US.48210773395516620014" }))
      const [event] = yield* events(1)
      assert(event?._tag === "TextReceived")
      assert.strictEqual(event.text, "hello")
      assert.equal<string>(event.phoneNumberId, Delivery.defaults.phoneNumberId)
      assert.strictEqual(event.sender._tag, "Customer")
      const { profileName, userId, waId } = event.sender.user
      assert.deepStrictEqual([waId, userId, profileName], ["16505550177", "US.48210773395516620014", "Ida Vöss"])
      assert.strictEqual(event.timestamp.epochMilliseconds, Delivery.defaults.timestamp * 1000)
    })
  )

  it.effect("prints a delivery once that comes again", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const body = Delivery.text("wamid.again")
      yield* deliver(body, body)
      yield* Effect.all([deliver(body), deliver(body), deliver(body)], { concurrency: 3 })
      assert.deepStrictEqual(wamids(yield* events(1)), ["wamid.again"])
      yield* deliver(body)
      yield* events(0)
    })
  )

  it.effect("prints a message once that comes again in other bytes or beside new ones", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const body = Delivery.text("wamid.same", { text: "caffè" })
      const batch = Delivery.messages({
        contacts: [Delivery.contact()],
        messages: [
          Delivery.textItem("wamid.before"),
          Delivery.textItem("wamid.same", { text: "caffè" }),
          Delivery.textItem("wamid.after")
        ]
      })
      yield* deliver(body, plain(body), batch)
      assert.deepStrictEqual(wamids(yield* events(3)), ["wamid.same", "wamid.before", "wamid.after"])
    })
  )

  it.effect("prints each status of a message, and each once", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const statuses = ["sent", "delivered", "sent", "read", "delivered"]
      for (const status of statuses) yield* deliver(Delivery.status("wamid.ticks", status))
      const found = yield* events(3)
      assert.deepStrictEqual(
        found.map((event) => event._tag === "StatusUpdate" && event.status),
        ["Sent", "Delivered", "Read"]
      )
    })
  )

  it.effect("refuses with 401 what is not signed by Meta, prints nothing, and says once what may be wrong", () =>
    Effect.gen(function* () {
      const { complaint, events, url } = yield* Server
      const body = Delivery.text("wamid.forged")
      const signature = sign(body)
      const sha1 = createHmac("sha1", appSecret).update(body).digest("hex")
      const flippedSignature = `${signature.slice(0, -1)}${signature.endsWith("0") ? "1" : "0"}`
      const forgeries: ReadonlyArray<readonly [string, Uint8Array, { readonly [name: string]: string }]> = [
        ["the first bit of the body", flipped(body, 0), signed(body)],
        ["the last bit of the body", flipped(body, body.length - 1), signed(body)],
        ["a byte more", Buffer.concat([body, bytes(" ")]), signed(body)],
        ["a bit of the signature", body, { "x-hub-signature-256": flippedSignature }],
        ["no header", body, {}],
        ["an empty header", body, { "x-hub-signature-256": "" }],
        ["only the prefix", body, { "x-hub-signature-256": "sha256=" }],
        ["sha1= in the header", body, { "x-hub-signature-256": `sha1=${sha1}` }],
        ["the header of old", body, { "x-hub-signature": `sha1=${sha1}` }],
        ["SHA256= in the header", body, { "x-hub-signature-256": signature.replace("sha256", "SHA256") }],
        ["no prefix", body, { "x-hub-signature-256": signature.slice("sha256=".length) }],
        ["short hex", body, { "x-hub-signature-256": signature.slice(0, -2) }],
        ["long hex", body, { "x-hub-signature-256": `${signature}00` }],
        ["no hex", body, { "x-hub-signature-256": `sha256=${"zz".repeat(32)}` }],
        ["another secret", body, signed(body, "another secret")],
        ["the verify token as secret", body, signed(body, verifyToken)],
        ["an empty secret", body, signed(body, "")]
      ]
      for (const [name, forged, headers] of forgeries) {
        const { body, status } = yield* Http.post(url, forged, headers)
        assert.deepStrictEqual({ status, body }, { status: 401, body: "" }, name)
      }
      yield* events(0)
      const warning = yield* complaint
      assert.match(warning, /WARN.*WHATSAPP_APP_SECRET/)
      const { printed } = yield* Server
      assert.strictEqual(printed().split("WARN").length, 2, "one line a minute")
    })
  )

  it.effect("prints five lines for a batch of three messages and two statuses", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      yield* deliver(
        Delivery.messages({
          contacts: [Delivery.contact()],
          messages: ["1", "2", "3"].map((n) => Delivery.textItem(`wamid.batch.${n}`)),
          statuses: [
            Delivery.statusItem("wamid.batch.4", "delivered"),
            Delivery.statusItem("wamid.batch.4", "read", { recipient: "393401234567" })
          ]
        })
      )
      const found = yield* events(5)
      assert.deepStrictEqual(wamids(found).toSorted(), [
        "wamid.batch.1",
        "wamid.batch.2",
        "wamid.batch.3",
        "wamid.batch.4",
        "wamid.batch.4"
      ])
    })
  )

  it.effect("prints broken items as Undecodable, and their neighbours as if nothing were wrong", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const good = (n: number) => Delivery.textItem(`wamid.good.${n}`)
      yield* deliver(Delivery.messages({ messages: [good(1), 7, good(2), null, { type: "text" }, good(3)] }))
      const found = yield* events(6)
      assert.deepStrictEqual(
        wamids(found)
          .filter((it) => it !== "Undecodable")
          .toSorted(),
        ["wamid.good.1", "wamid.good.2", "wamid.good.3"]
      )
      const broken = found.flatMap((event) => (event._tag === "Undecodable" ? [event] : []))
      const byPath = broken.toSorted((one, other) => (one.path < other.path ? -1 : 1))
      assert.deepStrictEqual(
        byPath.map(({ raw }) => raw),
        [7, null, { type: "text" }]
      )
      for (const [index, { path, reason }] of byPath.entries()) {
        assert.match(path, /^entry\[0\]\.changes\[0\]\.value\.messages\[\d\]/)
        assert.include(path, `messages[${[1, 3, 4][index]}]`)
        assert.notStrictEqual(reason, "")
      }
    })
  )

  it.effect("prints what it does not know with all that came", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const message = { from: "16505550177", id: "wamid.new", timestamp: "1786500010", type: "hologram", hologram: [1] }
      yield* deliver(Delivery.messages({ messages: [message] }), Delivery.change("moon_phase", { phase: "full" }))
      const found = yield* events(2)
      assert.sameMembers([...tags(found)], ["UnknownMessageReceived", "UnknownFieldReceived"])
      assert.sameDeepMembers(
        found.map((event) => "raw" in event && event.raw),
        [message, { field: "moon_phase", value: { phase: "full" } }]
      )
    })
  )

  const deep = (levels: number) => `{"entry":${"[".repeat(levels)}${"]".repeat(levels)}}`
  for (const [name, body] of [
    ["is empty", bytes("")],
    ["is not JSON", bytes("<html>no</html>")],
    ["is cut off", bytes(`{"entry":[{"id":"1","changes":[`)],
    ["is null", bytes("null")],
    ["is a list", bytes("[]")],
    ["is an empty object", bytes("{}")],
    ["has an entry that is no list", bytes(`{"entry":{}}`)],
    ["is 5000 levels deep", bytes(deep(5000))],
    ["is 300,000 levels deep", bytes(deep(300_000))],
    ["is not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ["begins with a byte order mark and is not JSON", Buffer.from([0xef, 0xbb, 0xbf, 0x7b])],
    ["is all zeros", Buffer.alloc(64)]
  ] as const) {
    it.effect(`answers 200 to a signed body that ${name}, and prints one DeliveryUnreadable with its bytes`, () =>
      Effect.gen(function* () {
        const { deliver, events } = yield* Server
        yield* deliver(body)
        const [event] = yield* events(1)
        assert(event?._tag === "DeliveryUnreadable")
        assert.deepStrictEqual(Buffer.from(event.bytes), Buffer.from(body))
        assert.strictEqual(event.digest, createHash("sha256").update(body).digest("hex"))
        assert.match(event.reason, /^[^\n]{3,200}$/)
      })
    )
  }

  it.effect("answers 200 to an envelope without entries, and prints nothing", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      yield* deliver(json({ object: "whatsapp_business_account", entry: [] }))
      yield* events(0)
    })
  )

  for (const [name, headers] of [
    ["with content-length", (size: number) => ({ "content-length": size })],
    ["in chunks without it", () => ({ "transfer-encoding": "chunked" })]
  ] as const) {
    it.effect(`takes 3,145,728 bytes ${name} and refuses one more with 413`, () =>
      Effect.gen(function* () {
        const { events, url } = yield* Server
        for (const [size, status] of [
          [limit, 200],
          [limit + 1, 413],
          [4_000_000, 413],
          [limit, 200]
        ] as const) {
          const body = padded(`wamid.${name}.${size}`, size)
          const { answer, end, write } = yield* Http.open(url, { ...signed(body), ...headers(size) })
          yield* write(body.subarray(0, size / 2))
          yield* end(body.subarray(size / 2))
          assert.strictEqual((yield* answer).status, status, `${size} bytes`)
        }
        assert.deepStrictEqual(wamids(yield* events(1)), [`wamid.${name}.${limit}`])
      })
    )
  }

  it.effect("refuses by the headers alone when a client asks before it sends too much", () =>
    Effect.gen(function* () {
      const { url } = yield* Server
      for (const size of [limit + 1, 100_000_000]) {
        const { abort, answer } = yield* Http.open(url, { expect: "100-continue", "content-length": size })
        assert.strictEqual((yield* answer).status, 413)
        yield* abort
      }
    })
  )

  const query = (...pairs: ReadonlyArray<readonly [string, string]>) =>
    `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`
  const mode = ["hub.mode", "subscribe"] as const
  const token = ["hub.verify_token", verifyToken] as const

  for (const challenge of ["0012345678", "1158201444", "a b&c=d<script>", "0"]) {
    it.effect(`gives Meta's challenge back as it came: ${challenge}`, () =>
      Effect.gen(function* () {
        const { url } = yield* Server
        const { body, contentType, status } = yield* Http.get(url + query(mode, token, ["hub.challenge", challenge]))
        assert.deepStrictEqual({ status, body }, { status: 200, body: challenge })
        assert.match(contentType ?? "", /^text\/plain/)
      })
    )
  }

  const challenge = ["hub.challenge", "1158201444"] as const
  for (const [name, parameters] of [
    ["a wrong token", [mode, ["hub.verify_token", "wrong"], challenge]],
    ["the token and a letter more", [mode, ["hub.verify_token", `${verifyToken}x`], challenge]],
    ["the beginning of the token", [mode, ["hub.verify_token", verifyToken.slice(0, -1)], challenge]],
    ["an empty token", [mode, ["hub.verify_token", ""], challenge]],
    ["the app secret as token", [mode, ["hub.verify_token", appSecret], challenge]],
    ["no token", [mode, challenge]],
    ["a wrong mode", [["hub.mode", "unsubscribe"], token, challenge]],
    ["no mode", [token, challenge]],
    ["no challenge", [mode, token]],
    ["two tokens", [mode, token, ["hub.verify_token", "wrong"], challenge]],
    ["two modes", [mode, ["hub.mode", "unsubscribe"], token, challenge]],
    ["two challenges", [mode, token, challenge, ["hub.challenge", "2"]]],
    ["nothing", []]
  ] as const) {
    it.effect(`refuses a handshake with ${name}`, () =>
      Effect.gen(function* () {
        const { url } = yield* Server
        const { body, status } = yield* Http.get(url + query(...parameters))
        assert.deepStrictEqual({ status, body }, { status: 403, body: "" })
      })
    )
  }

  it.effect("knows no other path, and answers 200 at /health", () =>
    Effect.gen(function* () {
      const { events, url } = yield* Server
      const { origin } = new URL(url)
      const body = Delivery.text("wamid.elsewhere")
      assert.strictEqual((yield* Http.get(`${origin}/health`)).status, 200)
      assert.strictEqual((yield* Http.get(origin)).status, 404)
      assert.strictEqual((yield* Http.post(`${origin}/webhook`, body, signed(body))).status, 404)
      assert.strictEqual((yield* Http.post(`${url}/more`, body, signed(body))).status, 404)
      assert.include([404, 405], (yield* Http.get(url, "DELETE")).status)
      yield* events(0)
    })
  )

  it.effect("goes on when a client hangs up in the middle of a body, and keeps nothing of it", () =>
    Effect.gen(function* () {
      const { events, url } = yield* Server
      const body = Delivery.text("wamid.half")
      for (const asks of [false, true]) {
        for (const size of [{ "content-length": body.length + 1 }, { "transfer-encoding": "chunked" }]) {
          const headers = { ...signed(body), ...size, ...(asks ? { expect: "100-continue" } : {}) }
          const { abort, answer, invited, write } = yield* Http.open(url, headers)
          if (asks) yield* invited
          // All that came is signed, and still more was announced.
          yield* write(body)
          yield* abort
          yield* Effect.exit(answer)
        }
      }
      yield* events(0)
    })
  )

  for (const [name, headers] of [
    ["a slow client", {}],
    ["a slow client that asks before it sends", { expect: "100-continue" }]
  ] as const) {
    it.effect(`waits for ${name}, and lets nobody wait for it`, () =>
      Effect.gen(function* () {
        const { deliver, events, url } = yield* Server
        const body = Delivery.text(`wamid.${name}`)
        const slow = yield* Http.open(url, { ...signed(body), ...headers, "content-length": body.length })
        if ("expect" in headers) yield* slow.invited
        for (let at = 0; at < body.length; at += 50) {
          yield* slow.write(body.subarray(at, at + 50))
          yield* deliver(Delivery.text(`wamid.quick.${name}.${at}`))
        }
        assert.strictEqual((yield* slow.answer).status, 200)
        const count = Math.ceil(body.length / 50) + 1
        assert.include(wamids(yield* events(count)), `wamid.${name}`)
      })
    )
  }

  it.effect("prints each of 600 messages of 200 people at once, and each person's in their order", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const people = Array.from({ length: 200 }, (_, n) => String(16505550200 + n))
      yield* Effect.forEach(
        people,
        (from) => deliver(...["a", "b", "c"].map((it) => Delivery.text(`wamid.${from}.${it}`, { from, text: it }))),
        { concurrency: "unbounded" }
      )
      const found = yield* events(600)
      const said = new Map<string, string>()
      for (const event of found) {
        assert(event._tag === "TextReceived")
        const { waId = "nobody" } = event.sender.user
        said.set(waId, (said.get(waId) ?? "") + event.text)
      }
      assert.deepStrictEqual(said, new Map(people.map((from) => [from, "abc"])))
    })
  )

  it.effect("keeps the order of a thousand messages in one delivery", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      const sent = Array.from({ length: 1000 }, (_, n) => `wamid.thousand.${n}`)
      yield* deliver(Delivery.messages({ messages: sent.map((wamid) => Delivery.textItem(wamid)) }))
      assert.deepStrictEqual(wamids(yield* events(1000)), sent)
    })
  )

  it.effect("has printed nothing but events on standard output, and no secret anywhere", () =>
    Effect.gen(function* () {
      const { printed, unread } = yield* Server
      assert.deepStrictEqual(yield* unread, [])
      const lines = printed()
        .split("\n")
        .filter((line) => line.startsWith("{"))
      yield* Effect.forEach(lines, (line) => decode(line))
      assertNoSecret(printed(), ...Object.values(environment))
    })
  )
})
