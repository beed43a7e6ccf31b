/** As its README sets it up with Fastify. */
import fastify from "fastify"
import assert from "node:assert"
import { listening, path } from "../driven.ts"
import { receive } from "./great-detail.mjs"

const app = fastify()
app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
  done(null, body)
})
app.route({
  method: "POST",
  url: path,
  handler: async (request, reply) => {
    assert.ok(Buffer.isBuffer(request.body) ? true : typeof request.body === "string")
    const body = request.body.toString()
    return reply.send(await receive({ method: request.method, query: request.query, body, headers: request.headers }))
  }
})
await app.listen({ port: 0, host: "127.0.0.1" })
listening(app.server.address().port)
