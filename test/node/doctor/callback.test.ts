import { assert, describe, it } from "@effect/vitest"
import { publicity } from "../../../packages/node/src/doctor/callback.ts"

describe("a callback URL", () => {
  for (const url of [
    "https://bot.example.com/whatsapp/webhook",
    "https://bot.example.com:8443/?tenant=1",
    "https://203.0.113.7/webhook",
    "https://172.32.0.1/webhook"
  ]) {
    it(`is one that Meta can call: ${url}`, () => assert.strictEqual(publicity(url).status, "ok"))
  }

  for (const url of [
    "http://bot.example.com/webhook",
    "https://localhost:3000/webhook",
    "https://127.0.0.1/webhook",
    "https://10.1.2.3/webhook",
    "https://192.168.0.4/webhook",
    "https://172.20.0.4/webhook",
    "https://[::1]/webhook",
    "https://[fd00::1]/webhook",
    "https://bot/webhook",
    "bot.example.com"
  ]) {
    it(`is none that Meta can call: ${url}`, () => assert.strictEqual(publicity(url).status, "failure"))
  }

  it("is shown without what may be secret in it", () => {
    const { what } = publicity("http://user:password@bot.example.com/webhook?key=secret#part")
    assert.strictEqual(what, "http://bot.example.com/webhook is not https")
  })
})
