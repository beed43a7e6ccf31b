/** The port to listen on. */
import { Environment } from "@effect-whatsapp/core/client"
import * as Schema from "effect/Schema"

const isPort = Schema.makeFilter((port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535, {
  expected: "a port from 0 to 65535"
})

export const portVariable = Environment.optional("PORT", Schema.FiniteFromString.check(isPort), 3000)

export const portFromEnv = Environment.all({ port: portVariable })
