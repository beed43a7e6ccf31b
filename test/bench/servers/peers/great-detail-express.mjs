/** As its README sets it up with Express; `type` is ours, since without it Express hands out no body. */
import express from "express"
import { listening, path } from "../driven.ts"
import { receive } from "./great-detail.mjs"

const app = express()
app.use(express.raw({ type: "application/json" }))
app.post(path, async (request, response) => {
  const { headers, method, query } = request
  return response.end(await receive({ method, query, body: request.body.toString(), headers }))
})
const server = app.listen(0, "127.0.0.1", () => listening(server.address().port))
