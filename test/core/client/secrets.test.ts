import { assert, describe, it } from "@effect/vitest"
import { Message, Template } from "@effect-whatsapp/core/message"
import { Effect, Exit, Logger, Schema, Tracer } from "effect"
import { HttpClientError } from "effect/http"
import { spawn } from "node:child_process"
import { createServer, type Server } from "node:http"
import { inspect } from "node:util"
import * as Graph from "./graph.ts"
import { printed } from "./printed.ts"

const phone = "393401234567"
const text = "a private matter"
const secrets = [Graph.token, phone, text]
const message = Message.text(text)

const assertNone = (printed: string, where: string) => {
  for (const secret of secrets) assert.notInclude(printed, secret, where)
}

// Meta, or somebody in its place, that repeats all it was sent wherever a text can stand.
const echo = JSON.stringify({
  error: {
    code: 100,
    message: `bad: Bearer ${Graph.token}`,
    error_data: { details: `${Graph.token} ${phone} +${phone} "${text}" ${Graph.token}` },
    fbtrace_id: Graph.token
  }
})

const worlds = {
  "an error that repeats what was sent": Graph.answering(400, echo),
  "an error whose message repeats it": Graph.answering(400, {
    error: { code: 190, message: `${text} ${Graph.token} ${phone}` }
  }),
  "HTML that repeats it": Graph.answering(502, `<p>${Graph.token} ${phone} ${text}</p>`),
  "a broken connection": Graph.make((request) =>
    Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.TransportError({ request, cause: new Error(`Bearer ${Graph.token}`) })
      })
    )
  ),
  "a refused connection": Graph.make((request) =>
    Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.TransportError({
          request,
          cause: Object.assign(new Error(`Bearer ${Graph.token}`), { code: "ECONNREFUSED", syscall: "connect" })
        })
      })
    )
  )
}

describe("token, phone number and message stand in nothing that is printed", () => {
  for (const [name, world] of Object.entries(worlds)) {
    it.effect(
      `after ${name}`,
      Effect.fn(function* () {
        const { whatsapp } = yield* world
        const exit = yield* Effect.exit(whatsapp.send(phone, message))
        if (Exit.isSuccess(exit)) return assert.fail("it was sent")
        for (const [text, where] of printed(exit)) assertNone(text, where)
      })
    )
  }
  it.effect(
    "after a message that is refused here",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(200, Graph.accepted)
      for (const it of [Message.text(text.repeat(1000)), Message.template({ name: text, language: "en" })]) {
        assertNone(
          inspect(yield* Effect.flip(whatsapp.send(phone, it)), { depth: 20, customInspect: false }),
          "inspect"
        )
      }
      assertNone(inspect(yield* Effect.flip(whatsapp.send(`${phone} ${text}`, message)), { depth: 20 }), "recipient")
    })
  )
  it.effect(
    "what helps is kept",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(400, {
        error: {
          code: 132001,
          message: "m",
          error_data: { details: `template order_update does not exist in it, asked by ${Graph.token}` }
        }
      })
      const { reason } = yield* Effect.flip(
        whatsapp.send(
          phone,
          Message.template({
            name: "order_update",
            language: "it",
            body: [Template.text("a private matter", { name: "first_name" })]
          })
        )
      )
      assert.strictEqual(reason.details, "template order_update does not exist in it, asked by <redacted>")
    })
  )
})

/** What an error says, when Meta says this of a send. */
const saidOf = Effect.fnUntraced(function* (details: string, sent: Message | Message.Raw, to: string = phone) {
  const { whatsapp } = yield* Graph.answering(400, { error: { code: 100, error_data: { details } } })
  return (yield* Effect.flip(whatsapp.send(to, sent))).reason.details
})

const percent = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
const unicode = (text: string) =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")

const spellings: { readonly [name: string]: (text: string) => string } = {
  "as it is": (text) => text,
  "in JSON": (text) => JSON.stringify(text),
  "in JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)),
  "in JSON without other letters": (text) => JSON.stringify(text).replace(/[^ -~]/g, unicode),
  "in HTML": (text) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;").replaceAll("<", "&lt;"),
  "in HTML, by numbers": (text) => Array.from(text, (one) => `&#x${(one.codePointAt(0) ?? 0).toString(16)};`).join(""),
  "in a URL": (text) => encodeURIComponent(text.toWellFormed()),
  "in a form": (text) => new URLSearchParams({ "": text }).toString().slice(1),
  "in a URL, every byte": percent,
  "in capitals": (text) => text.toUpperCase(),
  "in small letters": (text) => text.toLowerCase(),
  decomposed: (text) => text.normalize("NFD"),
  "in one line": (text) => text.replace(/\s+/g, " "),
  "cut off": (text) => `${text.slice(0, 30)}...`,
  "without its start": (text) => text.slice(-20)
}

describe("what Meta repeats of a message is blanked, however it is spelled", () => {
  const matter = 'Liebe Ana, dein Café-Code\nist "K7" & mehr <3'
  it.effect.each(Object.keys(spellings))(
    "%s",
    Effect.fn(function* (name) {
      const said = yield* saidOf(`bad: ${spellings[name]?.(matter)} :end`, Message.text(matter))
      assert.match(said, /^bad: [". ]*<redacted>[". ]* :end$/)
    })
  )
  it.effect.each([
    ["Private\u200bmatter", "bad: Privatematter"],
    ["first line\r\n\tsecond line", "bad: FIRST LINE SECOND LINE"],
    ["ﬁnal diagnosis", "bad: final diagnosis"],
    ["STRASSE DER ANGST", "bad: straße der angst"],
    ["дорогая Анна, ваш диагноз", "bad: ДОРОГАЯ АННА, ВАШ ДИАГНОЗ"],
    ["ΐΐΐΐΐΐΐΐ", `bad: ${"ΐΐΐΐΐΐΐΐ".toUpperCase()}`]
  ] as const)(
    "%j",
    Effect.fn(function* ([text, echo]) {
      assert.strictEqual(yield* saidOf(echo, Message.text(text)), "bad: <redacted>")
    })
  )
  it.effect(
    "8 characters in a row are enough",
    Effect.fn(function* () {
      const message = Message.text("about abcdefghij, in short")
      assert.strictEqual(yield* saidOf("bcdefgh or bcdefghi?", message), "bcdefgh or <redacted>?")
    })
  )
  it.effect(
    "words that others use too are kept",
    Effect.fn(function* () {
      const details = "(#131009) Parameter value is not valid: text, name, order of 12 at 131056"
      assert.strictEqual(yield* saidOf(details, Message.text("the text, my name and order twelve")), details)
    })
  )

  const code = (value: string) => Template.oneTimePassword({ name: "login_code", language: "en", code: value })
  it.effect.each([
    ["8341", "Parameter value 8341 is invalid", "Parameter value <redacted> is invalid"],
    ["8341", "login_code: '8341' of 18341, #83412", "login_code: '<redacted>' of 18341, #83412"],
    ["J7Q-22", "j7q-22 does not fit login_code", "<redacted> does not fit login_code"],
    ["-", "at-least one-time", "at-least one-time"],
    ["order", "order in order_update of reorder", "<redacted> in order_update of reorder"]
  ] as const)(
    "a value of a template is a secret as a word, however short: %s in %j",
    Effect.fn(function* ([value, details, said]) {
      assert.strictEqual(yield* saidOf(details, code(value)), said)
    })
  )
  it.effect(
    "a value in a script without spaces is a word anywhere",
    Effect.fn(function* () {
      const message = Message.template({ name: "hello", language: "zh_CN", body: ["阿娜"] })
      assert.strictEqual(yield* saidOf("参数阿娜无效", message), "参数<redacted>无效")
    })
  )
  it.effect(
    "so are numbers, and the names of what a flow is given",
    Effect.fn(function* () {
      assert.strictEqual(
        yield* saidOf(
          "latitude 52.5163, longitude -13.3777",
          Message.location({ latitude: 52.5163, longitude: -13.3777 })
        ),
        "latitude <redacted>, longitude -<redacted>"
      )
      assert.strictEqual(
        yield* saidOf("12.5 and 52.516300", Message.location({ latitude: 52.5163, longitude: 12.5 })),
        "12.5 and <redacted>"
      )
      const data = { "secret diagnosis": 4_111_111, list: [{ secretOfAna: 1 }] }
      const flow = Message.flow({ body: "b", button: "b", flowId: "1", data })
      assert.strictEqual(
        yield* saidOf("flow_action_payload: unknown key secret diagnosis=4111111, SecretOfAna", flow),
        "flow_action_payload: unknown key <redacted>=<redacted>, <redacted>"
      )
    })
  )

  it.effect.each([
    "+39 340 123 4567",
    "39/340/1234567",
    "39_340_1234567",
    "39, 340, 1234567",
    "39\u00b7340\u00b71234567",
    "３９３４０１２３４５６７",
    "39\u200b3401234567",
    "%2B393401234567",
    "#393401234567",
    "id393401234567x",
    "tel:+39-340-1234567;x",
    "340 1234567",
    "39 (0)340/1234567",
    "3934012345..."
  ])(
    "the phone of the recipient: %s",
    Effect.fn(function* (spelled) {
      const said = yield* saidOf(`Recipient ${spelled} is not allowed`, message)
      assert.match(said, /^Recipient .*<redacted>.* is not allowed$/)
      assert.isBelow(said.replace(/\D/g, "").length, 5, said)
    })
  )
  it.effect(
    "any other phone, in any digits",
    Effect.fn(function* () {
      assert.strictEqual(yield* saidOf("to １６５０５５５０１７７, again", message), "to <redacted>, again")
    })
  )
  it.effect(
    "the phones of contacts, in any spelling",
    Effect.fn(function* () {
      const card = Message.contacts([{ name: "Ana", phones: ["+1 (650) 555-0177"] }])
      assert.strictEqual(yield* saidOf("no 1/650/5550177 here", card), "no <redacted> here")
    })
  )
  it.effect(
    "the id of a person",
    Effect.fn(function* () {
      const said = yield* saidOf("user US%2EabCDefGH12345, abcdefgh12345", message, "US.abCDefGH12345")
      assert.strictEqual(said, "user <redacted>, <redacted>")
    })
  )
  it.effect.each([
    `Bearer ${Graph.token}`,
    encodeURIComponent(Graph.token),
    Graph.token.slice(0, 12),
    Graph.token.toUpperCase(),
    Buffer.from(Graph.token).toString("base64"),
    Buffer.from(Graph.token).toString("base64url"),
    Buffer.from(`Bearer ${Graph.token}`).toString("base64"),
    Buffer.from(`x:${Graph.token}`).toString("base64")
  ])(
    "the token: %s",
    Effect.fn(function* (spelled) {
      const said = yield* saidOf(`token ${spelled} expired`, message)
      assert.match(said, /^token (Bearer )?.{0,12}<redacted>.{0,4} expired$/)
    })
  )

  it.effect(
    "also in a huge answer, and of a huge message, in little time",
    Effect.fn(function* () {
      const huge = "ab".repeat(400_000)
      const sent = [Message.text("a".repeat(4096)), Message.raw({ type: "x", x: huge, y: "1".repeat(200_000) })]
      for (const message of sent) {
        for (const details of [
          huge,
          "a".repeat(900_000),
          "1".repeat(900_000),
          "%25".repeat(300_000),
          "\\".repeat(450_000)
        ]) {
          assert.isAtMost((yield* saidOf(details, message)).length, 500)
        }
      }
      const late = `${" ".repeat(4090)}${text} ${text}`
      assert.notInclude(yield* saidOf(`x${late}`, message), text.slice(0, 6))
    }),
    20_000
  )

  const kept: ReadonlySet<string> = new Set(["type", "sub_type", "message_id", "parameter_name"])
  const stringsOf = (value: unknown): ReadonlyArray<string> =>
    typeof value === "string"
      ? [value]
      : typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => (kept.has(key) ? [] : stringsOf(inner)))
        : []

  it.effect.prop(
    "of any message, no text of 8 characters and more, no phone and no token is printed",
    [Message.Message, Schema.Literals(Object.keys(spellings))],
    Effect.fn(function* ([message, name]) {
      const spell = spellings[name] ?? assert.fail("no such spelling")
      const texts = stringsOf(message.type === "template" ? message.template.components : message)
      for (const one of [...texts, phone, Graph.token]) {
        const details = `bad "${spell(one)}"`
        const { whatsapp } = yield* Graph.answering(400, {
          error: { code: 100, message: details, fbtrace_id: details }
        })
        const error = yield* Effect.flip(whatsapp.send(phone, message))
        if (error.reason._tag === "InvalidMessage") return
        const printed = [String(error), JSON.stringify(error), inspect(error, { depth: 20, customInspect: false })]
        for (const all of printed) {
          const rest = all.replaceAll("<redacted>", "\u0000")
          assert.notInclude(rest, Graph.token)
          assert.notInclude(rest, phone)
          for (const form of [one, spell(one), one.normalize("NFKC")]) {
            if (form.length >= 8 && form.trim().length >= 8) assert.notInclude(rest, form, name)
          }
        }
        const said = error.reason.details.replaceAll("<redacted>", "\u0000").normalize("NFKC").toLowerCase()
        for (let i = 0; i + 8 <= one.length; i++) {
          const piece = one
            .slice(i, i + 8)
            .normalize("NFKC")
            .toLowerCase()
          if (!/^\s|\s$/.test(piece)) assert.notInclude(said, piece, name)
        }
      }
    }),
    { arbitrary: { runs: 150 }, timeout: 60_000 }
  )
})

it.effect(
  "spans and logs carry ids and types, and nothing else",
  Effect.fn(function* () {
    const spans: Array<Tracer.Span> = []
    const logs: Array<string> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const logger = Logger.make((options) => void logs.push(inspect(options, { depth: 20 })))
    for (const world of [Graph.answering(200, Graph.accepted), ...Object.values(worlds)]) {
      yield* Effect.flatMap(world, ({ whatsapp }) => whatsapp.send(phone, message, { callbackData: "order-31" })).pipe(
        Effect.tapCause(Effect.logError),
        Effect.exit,
        Effect.provideService(Tracer.Tracer, tracer),
        Effect.provide(Logger.layer([logger]))
      )
    }
    const named = spans.filter(({ name }) => name === "WhatsAppClient.send")
    assert.strictEqual(named.length, 1 + Object.keys(worlds).length)
    assert.deepStrictEqual(Object.fromEntries(named[0]?.attributes ?? []), {
      "whatsapp.phone_number_id": Graph.sales,
      "whatsapp.recipient_type": "Phone",
      "whatsapp.message_type": "text",
      "whatsapp.wamid": "wamid.HBgM"
    })
    assert.isAbove(spans.length, named.length, "the client's own spans are seen, too")
    for (const { attributes, name } of spans) assertNone(inspect({ attributes, name }, { depth: 20 }), name)
    // The span of a send that failed holds its exit.
    for (const { name, status } of named.slice(1))
      assertNone(inspect(status, { depth: 20, customInspect: false }), name)
    assert.isAbove(logs.length, 0)
    for (const log of logs) assertNone(log, "log")
  })
)

describe("a send whose failure nobody handles", () => {
  const program = new URL("./unhandled.ts", import.meta.url).pathname

  const run = (apiUrl: string) =>
    Effect.callback<{ readonly code: number | null; readonly printed: string }>((resume) => {
      const child = spawn(process.execPath, ["--conditions=effect-whatsapp-source", program], {
        env: {
          ...process.env,
          WHATSAPP_ACCESS_TOKEN: Graph.token,
          WHATSAPP_PHONE_NUMBER_ID: Graph.sales,
          WHATSAPP_API_URL: apiUrl
        }
      })
      let printed = ""
      child.stdout.on("data", (chunk) => (printed += String(chunk)))
      child.stderr.on("data", (chunk) => (printed += String(chunk)))
      child.on("close", (code) => resume(Effect.succeed({ code, printed })))
    })
  const server = Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = createServer((_, response) => response.writeHead(400).end(echo))
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  )

  it.live(
    "prints the reason and no secret: connection refused",
    Effect.fn(function* () {
      const { code, printed } = yield* run("http://127.0.0.1:1")
      assert.strictEqual(code, 1)
      assert.include(printed, "ConnectionFailed")
      assertNone(printed, "print")
    }),
    30_000
  )
  it.live(
    "prints the reason and no secret: an error of Meta's",
    Effect.fn(function* () {
      const url = Graph.urlOf(yield* server)
      const { code, printed } = yield* run(url)
      assert.strictEqual(code, 1)
      assert.include(printed, "InvalidParameter")
      assertNone(printed, "print")
    }),
    30_000
  )
})
