/** As its README sets it up. */
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server"
import express from "express"
import { appSecret, handle, listening, path } from "../driven.ts"

const app = express()
app.post(path, express.raw({ type: "application/json" }), (request, response) => {
  const ok = verifySignature({
    appSecret,
    rawBody: request.body,
    signatureHeader: request.headers["x-hub-signature-256"]
  })
  if (!ok) return response.status(401).end()

  const events = normalizeWebhook(JSON.parse(request.body.toString("utf8")))
  events.messages.forEach((message) => {
    void handle(message.id)
  })
  return response.sendStatus(200)
})
const server = app.listen(0, "127.0.0.1", () => listening(server.address().port))
