import { assert, describe, it } from "@effect/vitest"
import { Upload, type WhatsAppClient } from "@effect-whatsapp/core/client"
import { MediaId } from "@effect-whatsapp/core/domain"
import { Effect, Exit, Logger, Redacted, Stream, Tracer } from "effect"
import { HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { inspect } from "node:util"
import * as Graph from "./graph.ts"
import { printed } from "./printed.ts"

const query = "ARsignedquery77"
const url = `https://lookaside.fbsbx.com/whatsapp/m1?hash=${query}`
const signature = "ARZsessionsignature"
const session = `upload:MTphdHRhY2htZW50?sig=${signature}`
const content = "a private matter"
const fileName = "diagnosis of ana.png"
const secrets = [Graph.token, query, signature, session, "MTphdHRhY2htZW50", content, fileName]

const assertNone = (printed: string, where: string) => {
  for (const secret of secrets) assert.notInclude(printed, secret, where)
}

const file = Upload.fromBytes(new TextEncoder().encode(content), { name: fileName })

const methods: {
  readonly [name: string]: (whatsapp: WhatsAppClient.WhatsAppClient["Service"]) => Effect.Effect<unknown, unknown>
} = {
  uploadMedia: (it) => it.uploadMedia(file),
  mediaInfo: (it) => it.mediaInfo("m1"),
  downloadMedia: (it) => Effect.flatMap(it.downloadMedia("m1"), ({ bytes }) => Stream.runDrain(bytes)),
  "downloadMedia of an event": (it) =>
    Effect.flatMap(it.downloadMedia({ id: MediaId.make("m1"), url }), ({ bytes }) => Stream.runDrain(bytes)),
  readMedia: (it) => it.readMedia({ id: MediaId.make("m1"), url }),
  deleteMedia: (it) => it.deleteMedia("m1"),
  startUpload: (it) => it.startUpload(file, { appId: "674852410238711" }),
  finishUpload: (it) => it.finishUpload(Redacted.make(session), file)
}

/** What Meta, or somebody in its place, says when it repeats all that it was sent. */
const echoOf = ({ headers, method, url }: HttpClientRequest.HttpClientRequest) => {
  const parts = url.split(/[/?&=]/).filter((part) => part.length > 12)
  const details = [headers.authorization, url, ...parts, ...(method === "POST" ? [`"${fileName}"`] : [])].join(" ")
  return JSON.stringify({ error: { code: 100, message: details, error_data: { details } } })
}
const web = (request: HttpClientRequest.HttpClientRequest, response: Response) =>
  // Meta reads what it was sent.
  Effect.as(
    request.body._tag === "Stream" ? Effect.orDie(Stream.runDrain(request.body.stream)) : Effect.void,
    HttpClientResponse.fromWeb(request, response)
  )
const failing = (cause: unknown) =>
  Graph.make((request) =>
    Effect.fail(new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) }))
  )
const everything = `Bearer ${Graph.token} ${url} ${session} ${content}`

const worlds = {
  "an error that repeats what was sent": Graph.make((request) =>
    web(request, new Response(echoOf(request), { status: 400 }))
  ),
  "HTML that repeats it": Graph.make((request) => web(request, new Response(everything, { status: 502 }))),
  "a page that repeats it": Graph.make((request) => web(request, new Response(everything, { status: 403 }))),
  "a broken connection": failing(new Error(everything)),
  "a refused connection": failing(Object.assign(new Error(everything), { code: "ECONNREFUSED" })),
  "an answer that breaks off": Graph.make((request) =>
    web(
      request,
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode(content)),
          pull: (controller) => controller.error(new Error(everything))
        })
      )
    )
  ),
  "a redirect to nowhere": Graph.make((request) =>
    web(request, new Response(null, { status: 302, headers: { location: `file:///${query}` } }))
  )
}

describe("token, URL, session, name and bytes stand in nothing that is printed", () => {
  for (const [name, world] of Object.entries(worlds)) {
    it.effect.each(Object.keys(methods))(
      `after ${name}: %s`,
      Effect.fn(function* (method) {
        const { whatsapp } = yield* world
        const exit = yield* Effect.exit(methods[method]?.(whatsapp) ?? Effect.void)
        if (Exit.isSuccess(exit)) return assert.fail("it succeeded")
        for (const [text, where] of printed(exit)) assertNone(text, where)
      })
    )
  }
  it.effect(
    "when Meta's error comes after the URL was given out",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.make((request) =>
        web(
          request,
          request.url.includes("/v23.0/") ? Response.json({ url }) : new Response(echoOf(request), { status: 400 })
        )
      )
      for (const method of ["downloadMedia", "downloadMedia of an event", "readMedia"]) {
        const error = yield* Effect.flip(methods[method]?.(whatsapp) ?? Effect.void)
        assertNone(inspect(error, { depth: 20, customInspect: false }), "inspect, raw")
      }
    })
  )
})

it.effect(
  "a signed URL stands in no error of what it redirects to, nor its values as somebody reads them",
  Effect.fn(function* () {
    const signed = "https://lookaside.fbsbx.com/1?hash=ab%2Fsecretpart%2Bcd+ef%3D&sig=otherpart#end"
    const readings = [
      "hash=ab%2Fsecretpart%2Bcd+ef%3D",
      "ab/secretpart+cd ef=",
      "ab/secretpart+cd+ef=",
      "sig=otherpart",
      "https://lookaside.fbsbx.com/2?next=thirdpart"
    ]
    const { whatsapp } = yield* Graph.make((request) =>
      web(
        request,
        request.url.includes("/1?")
          ? new Response(null, { status: 302, headers: { location: "/2?next=thirdpart" } })
          : request.url.includes("/2?")
            ? new Response(null, { status: 302, headers: { location: "/3" } })
            : Response.json({ error: { code: 100, message: readings.join(", ") } }, { status: 400 })
      )
    )
    const { message } = yield* Effect.flip(whatsapp.readMedia({ id: MediaId.make("m1"), url: signed }))
    assert.include(message, "<redacted>, <redacted>")
    for (const part of ["secretpart", "otherpart", "thirdpart"]) assert.notInclude(message, part)
  })
)

it.effect(
  "what is given out shows no secret when it is printed",
  Effect.fn(function* () {
    const { whatsapp } = yield* Graph.make((request) => web(request, Response.json({ id: session, url })))
    const info = yield* whatsapp.mediaInfo("m1")
    const begun = yield* whatsapp.startUpload(file, { appId: "674852410238711" })
    const { bytes, ...described } = yield* whatsapp.downloadMedia("m1")
    const downloaded = { ...described, bytes }
    for (const value of [info, begun, downloaded]) {
      assertNone(inspect(value, { depth: 20, showHidden: true }), "inspect")
      assertNone(JSON.stringify(value), "JSON")
    }
  })
)

it.effect(
  "spans and logs carry ids, sizes and counts, and nothing else",
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
    const good = Graph.make((request) =>
      web(request, Response.json({ id: session, url, success: true, file_offset: 0, h: "4::x" }))
    )
    for (const world of [good, ...Object.values(worlds)])
      for (const method of Object.values(methods))
        yield* Effect.flatMap(world, ({ whatsapp }) => method(whatsapp)).pipe(
          Effect.tapCause(Effect.logError),
          Effect.exit,
          Effect.provideService(Tracer.Tracer, tracer),
          Effect.provide(Logger.layer([logger]))
        )
    const named = (name: string) => spans.filter((span) => span.name === `WhatsAppClient.${name}`)
    assert.deepStrictEqual(Object.fromEntries(named("finishUpload")[0]?.attributes ?? []), {
      "whatsapp.phone_number_id": Graph.sales,
      "whatsapp.media.size": content.length,
      "whatsapp.media.offset": 0
    })
    for (const method of ["uploadMedia", "mediaInfo", "downloadMedia", "readMedia", "deleteMedia", "startUpload"])
      assert.isAtLeast(named(method).length, 1 + Object.keys(worlds).length, method)
    // The id of an upload is whatever Meta says that it is: here it repeats the session.
    for (const span of spans.filter(({ name }) => name !== "WhatsAppClient.uploadMedia"))
      assertNone(inspect({ attributes: span.attributes, name: span.name }, { depth: 20 }), span.name)
    for (const span of spans.filter(({ name }) => name.startsWith("WhatsAppClient.")))
      if (span.status._tag === "Ended" && Exit.isFailure(span.status.exit))
        assertNone(inspect(span.status, { depth: 20, customInspect: false }), span.name)
    assert.isAbove(logs.length, 0)
    for (const log of logs) assertNone(log, "log")
  })
)
