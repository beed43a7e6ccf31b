/** As its documentation of `handle_post` sets it up. */
import { createServer } from "node:http"
import { WhatsAppAPI } from "whatsapp-api-js/middleware/node-http"
import { appSecret, handle, listening, path, verifyToken } from "../driven.ts"

const Whatsapp = new WhatsAppAPI({ token: "token", appSecret, webhookVerifyToken: verifyToken })
Whatsapp.on.message = ({ message }) => handle(message.id)

const server = createServer(async (request, response) => {
  if (request.url === path && request.method === "POST") {
    response.statusCode = await Whatsapp.handle_post(request)
    response.end()
  }
})
server.listen(0, "127.0.0.1", () => listening(server.address().port))
