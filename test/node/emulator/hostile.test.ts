/** Management calls of those who mean no good: each is answered in Meta's form, and the emulator lives on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { account, appId, appToken, codesOf, postJson, templates } from "./manage.ts"
import * as Http from "../cli/http.ts"
import { call, makeEmulator, phoneNumberId, token } from "./world.ts"

const json = "application/json"
const form = "application/x-www-form-urlencoded"
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`

const bodies: ReadonlyArray<readonly [name: string, type: string, body: string]> = [
  ["broken JSON", json, `{"a":`],
  ["a list", json, "[]"],
  ["a deep list", json, `{"components":${nested(20_000)},"webhook_configuration":${nested(20_000)}}`],
  ["a prototype", json, `{"__proto__":{"name":"x"},"constructor":{"prototype":{}}}`],
  [
    "members of odd types",
    json,
    `{"name":{},"language":[],"category":5,"components":{"0":{}},"object":null,"fields":{}}`
  ],
  [
    "a component of an odd type",
    json,
    `{"name":"a","language":"en","category":"UTILITY","components":[{"type":{}},{"type":"BODY","text":5}]}`
  ],
  ["a deep list in a form", form, `components=${nested(20_000)}&webhook_configuration=${nested(20_000)}`],
  ["escapes that are none", form, "name=%zz&object=%&components=%5B%7B"],
  ["bytes", json, "\u0000\u0001\ud800"],
  ["two megabytes", json, `{"name":"${"a".repeat(2 << 20)}"}`],
  ["a form without a boundary", "multipart/form-data", "x"],
  ["no form at all", "multipart/form-data; boundary=x", "--y\r\n\r\n"],
  ["another type", "text/plain", `{"name":"a"}`]
]

const targets: ReadonlyArray<readonly [path: string, token?: string]> = [
  [templates],
  ["/v23.0/901"],
  [`/v23.0/${phoneNumberId}`],
  [`/v23.0/${appId}/subscriptions`, appToken]
]

describe("a management call", () => {
  it.effect.each(bodies)(
    "is refused with %s",
    Effect.fn(function* ([, type, body]) {
      const emulator = yield* makeEmulator({
        appId,
        templates: [{ name: "order_update", language: "en", id: "901", body: "Hello" }]
      })
      for (const [path, bearer] of targets) {
        const answer = yield* call(emulator, "POST", path, {
          body,
          headers: { "content-type": type },
          ...(bearer === undefined ? {} : { token: bearer })
        })
        const [code] = codesOf(answer)
        assert.deepStrictEqual([path, answer.status, code === 1 ? 100 : code], [path, 400, 100])
      }
      assert.deepStrictEqual(
        (yield* emulator.templates).map((one) => [one.name, one.status]),
        [["order_update", "APPROVED"]]
      )
    })
  )

  it.effect(
    "with an id that is none finds nothing",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ appId })
      const ids = ["%2e%2e%2f", "%00", "%ff", "a%20b", "constructor", "__proto__", "9".repeat(90)]
      for (const id of ids) {
        for (const [method, path] of [
          ["GET", `/v23.0/${id}`],
          ["POST", `/v23.0/${id}`],
          ["DELETE", `/v23.0/${id}/message_templates?name=x`],
          ["POST", `/v23.0/${id}/subscribed_apps`]
        ] as const) {
          const answer = yield* call(emulator, method, path)
          assert.deepStrictEqual([id, answer.status, ...codesOf(answer)], [id, 400, 100, 33])
        }
      }
    })
  )

  it.effect(
    "with a token that is none gets in nowhere",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ appId })
      for (const token of ["|", "||", `${appId}|`, "__proto__", "constructor", "\u00ff"]) {
        for (const path of [account, "/v23.0/debug_token?input_token=x", `/v23.0/${appId}/subscriptions`]) {
          assert.deepStrictEqual(codesOf(yield* call(emulator, "GET", path, { token })), [190])
        }
      }
    })
  )

  const components = [{ type: "BODY", text: "Bye" }]
  const edit = Buffer.from(JSON.stringify({ components }))
  for (const [name, meanwhile, left] of [
    ["deleted", { method: "DELETE", path: `${templates}?name=order_update` }, []],
    ["changed", { method: "POST", path: "/v23.0/901" }, ["Hello again"]]
  ] as const) {
    it.live(`that is slow changes nothing of a template that was ${name} meanwhile`, () =>
      Effect.gen(function* () {
        const emulator = yield* makeEmulator({
          appId,
          templates: [
            { name: "order_update", language: "en", id: "901", components: [{ type: "BODY", text: "Hello" }] }
          ]
        })
        const slow = yield* Http.open(`${emulator.url}/v23.0/901`, {
          authorization: `Bearer ${token}`,
          "content-type": json,
          "content-length": edit.length,
          expect: "100-continue"
        })
        yield* slow.invited
        const { method, path } = meanwhile
        const answer =
          method === "POST"
            ? yield* postJson(emulator, path, { components: [{ type: "BODY", text: "Hello again" }] })
            : yield* call(emulator, method, path)
        assert.strictEqual(answer.status, 200)
        yield* slow.end(edit)
        assert.strictEqual((yield* slow.answer).status, 400)
        assert.deepStrictEqual(
          (yield* emulator.templates).map((one) => one["components"]),
          left.map((text) => [{ type: "BODY", text }])
        )
      })
    )
  }
})
