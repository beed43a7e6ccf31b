/** Access tokens: what `debug_token` says of them, and what a call is refused with. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import { account, appId, appToken, codesOf, get, objectOf } from "./manage.ts"
import { businessAccountId, call, makeEmulator, phone, phoneNumberId, post, textTo, token } from "./world.ts"

const debug = (input: string) => `/v23.0/debug_token?input_token=${encodeURIComponent(input)}`

const dataOf = (answer: Schema.JsonObject) =>
  Schema.decodeUnknownSync(Schema.Struct({ data: Schema.JsonObject }))(answer).data

describe("debug_token", () => {
  it.effect(
    "tells of a healthy token that it never ends and may do everything",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ appId })
      const scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
      const data = dataOf(yield* get(emulator, debug(token)))
      const { issued_at, user_id, ...rest } = data
      assert.isNumber(issued_at)
      assert.isString(user_id)
      assert.deepStrictEqual(rest, {
        app_id: appId,
        type: "SYSTEM_USER",
        application: "Emulated App",
        data_access_expires_at: 0,
        expires_at: 0,
        is_valid: true,
        scopes,
        granular_scopes: scopes.map((scope) => ({ scope, target_ids: [businessAccountId] }))
      })
      assert.deepStrictEqual(dataOf(yield* get(emulator, debug(token), appToken)), data)
    })
  )

  it.effect(
    "tells each fault of a token",
    Effect.fn(function* () {
      const expiresAt = DateTime.makeUnsafe("2026-01-01T00:00:00Z")
      const numbers = [
        { phoneNumberId, displayPhoneNumber: "15557300142", accessToken: token },
        {
          phoneNumberId: "207311904455013",
          displayPhoneNumber: "15557300143",
          accessToken: "EAAother",
          token: { type: "USER", expiresAt, scopes: ["whatsapp_business_messaging"], accounts: ["999"] }
        },
        {
          phoneNumberId: "207311904455014",
          displayPhoneNumber: "15557300144",
          accessToken: "EAArevoked",
          token: { isValid: false, appId: "77" }
        }
      ] as const
      const emulator = yield* makeEmulator({ appId, numbers })
      // The clock of tests starts in 1970.
      const living = dataOf(yield* get(emulator, debug("EAAother")))
      assert.deepInclude(living, {
        type: "USER",
        is_valid: true,
        expires_at: expiresAt.epochMilliseconds / 1000,
        scopes: ["whatsapp_business_messaging"],
        granular_scopes: [{ scope: "whatsapp_business_messaging", target_ids: ["999"] }]
      })
      const revoked = dataOf(yield* get(emulator, debug("EAArevoked")))
      assert.strictEqual(revoked.is_valid, false)
      assert.strictEqual(revoked.app_id, "77")
      assert.deepInclude(revoked.error, { code: 190, subcode: 467 })
      const unknown = dataOf(yield* get(emulator, debug("EAAnobody")))
      assert.strictEqual(unknown.is_valid, false)
      assert.deepInclude(unknown.error, { code: 190 })
      assert.deepStrictEqual(dataOf(yield* get(emulator, debug(appToken))), {
        app_id: appId,
        type: "APP",
        application: "Emulated App",
        is_valid: true,
        scopes: []
      })
    })
  )

  it.effect(
    "is closed to strangers, and needs a token to look at",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ appId })
      for (const bearer of ["EAAwrong", `${appId}|wrong`, "5513|orchid-secret", `${appToken}|x`, null]) {
        assert.deepStrictEqual(codesOf(yield* call(emulator, "GET", debug(token), { token: bearer })), [190])
      }
      assert.deepStrictEqual(codesOf(yield* call(emulator, "GET", "/v23.0/debug_token")), [100])
    })
  )
})

describe("a token", () => {
  it.effect(
    "that is over opens nothing",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ token: { expiresAt: -1000 } })
      for (const answer of [
        yield* call(emulator, "GET", account),
        yield* call(emulator, "GET", `/v23.0/${phoneNumberId}`),
        yield* post(emulator, textTo(phone))
      ]) {
        assert.deepStrictEqual([answer.status, ...codesOf(answer)], [401, 190, 463])
      }
    })
  )

  it.effect(
    "that was revoked opens nothing",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ token: { isValid: false } })
      assert.deepStrictEqual(codesOf(yield* call(emulator, "GET", account)), [190, 467])
    })
  )

  it.effect(
    "may do what its permissions say, and nothing else",
    Effect.fn(function* () {
      const sends = yield* makeEmulator({ token: { scopes: ["whatsapp_business_messaging"] } })
      for (const path of [account, `/v23.0/${phoneNumberId}`, `${account}/phone_numbers`]) {
        const answer = yield* call(sends, "GET", path)
        assert.deepStrictEqual([answer.status, ...codesOf(answer)], [403, 200])
      }
      assert.notStrictEqual(codesOf(yield* post(sends, textTo(phone)))[0], 10)
      const manages = yield* makeEmulator({ token: { scopes: ["whatsapp_business_management"] } })
      assert.deepStrictEqual(codesOf(yield* post(manages, textTo(phone))), [10])
      objectOf(yield* call(manages, "GET", account))
      assert.strictEqual((yield* call(manages, "GET", account)).status, 200)
    })
  )

  it.effect(
    "of another account sees no object of this one",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ token: { accounts: ["999"] } })
      for (const path of [account, `/v23.0/${phoneNumberId}`]) {
        assert.deepStrictEqual(codesOf(yield* call(emulator, "GET", path)), [100, 33])
      }
      assert.deepStrictEqual(codesOf(yield* post(emulator, textTo(phone))), [100, 33])
    })
  )

  it.effect(
    "may stand in the query",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const answer = yield* call(emulator, "GET", `${account}?access_token=${token}`, { token: null })
      assert.strictEqual(answer.status, 200)
    })
  )
})
