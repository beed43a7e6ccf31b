import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { samples } from "../../fixtures/sends/interactive.ts"
import { bodies } from "../../fixtures/sends/simple.ts"
import { templates } from "../../fixtures/sends/template.ts"
import * as Graph from "./graph.ts"

const all: ReadonlyArray<readonly [name: string, body: Schema.JsonObject]> = [
  ...Object.entries(bodies),
  ...Object.entries(samples).map(([name, interactive]) => [name, { type: "interactive", interactive }] as const),
  ...Object.entries(templates)
]

const recipientOf = ({ pin, recipient, to }: Schema.JsonObject): string => {
  const given = to ?? recipient
  if (typeof given === "string") return given
  return pin === undefined ? Graph.digits : "Y2FwaV9ncm91cDox"
}

const addresses: ReadonlySet<string> = new Set(["to", "recipient", "recipient_type", "biz_opaque_callback_data"])

/** Apart from who it goes to, and from what may be left out. */
const content = (body: Schema.JsonObject) => {
  const rest = Object.fromEntries(Object.entries(body).filter(([key]) => !addresses.has(key)))
  const type = ["pin", "reaction", "text"].find((type) => type in rest)
  return { messaging_product: "whatsapp", ...(type === undefined ? {} : { type }), ...rest }
}

describe.concurrent("send --message, of every kind that Meta documents", () => {
  for (const [name, json] of all) {
    it.live(`sends ${name} as it is given`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.accept
        const { code, stderr } = yield* Graph.send(graph, [recipientOf(json), "--message", JSON.stringify(json)])
        assert.strictEqual(code, 0, stderr)
        const [request] = graph.requests
        assert(request !== undefined && graph.requests.length === 1)
        assert.deepStrictEqual(content(request.body), content(json))
      })
    )
  }
})
