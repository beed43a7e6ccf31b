/** Numbers and the account as Graph's nodes, and the server that answers. */
import { assert, describe, it } from "@effect/vitest"
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { account, codesOf, get, listOf, refusalOf } from "./manage.ts"
import { businessAccountId, call, makeEmulator, phoneNumberId, secondNumberId, token } from "./world.ts"

const number = `/v23.0/${phoneNumberId}`

const numberFields = [
  "id",
  "display_phone_number",
  "verified_name",
  "status",
  "quality_rating",
  "code_verification_status",
  "name_status",
  "platform_type",
  "throughput",
  "account_mode",
  "is_pin_enabled",
  "messaging_limit_tier"
].join(",")

const healthOf = (node: Schema.JsonObject) =>
  Schema.decodeUnknownSync(
    Schema.Struct({
      health_status: Schema.Struct({ can_send_message: Schema.String, entities: Schema.Array(Schema.JsonObject) })
    })
  )(node).health_status

describe("a number", () => {
  it.effect(
    "is in order unless something is said of it",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      assert.deepStrictEqual(yield* get(emulator, `${number}?fields=${numberFields}`), {
        id: phoneNumberId,
        display_phone_number: "+15557300142",
        verified_name: "Emulated Business",
        status: "CONNECTED",
        quality_rating: "GREEN",
        code_verification_status: "VERIFIED",
        name_status: "APPROVED",
        platform_type: "CLOUD_API",
        throughput: { level: "STANDARD" },
        account_mode: "LIVE",
        is_pin_enabled: true,
        messaging_limit_tier: "TIER_2K"
      })
      const health = healthOf(yield* get(emulator, `${number}?fields=health_status`))
      assert.strictEqual(health.can_send_message, "AVAILABLE")
      assert.deepStrictEqual(
        health.entities.map((one) => one.entity_type),
        ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]
      )
    })
  )

  it.effect(
    "has the faults that it was given, and no other number has them",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({
        number: { qualityRating: "YELLOW" },
        numbers: [
          {
            phoneNumberId,
            displayPhoneNumber: "15557300142",
            accessToken: token,
            standing: {
              status: "FLAGGED",
              nameStatus: "DECLINED",
              throughput: "NOT_APPLICABLE",
              codeVerificationStatus: "EXPIRED"
            }
          },
          { phoneNumberId: secondNumberId, displayPhoneNumber: "15557300143", accessToken: token }
        ]
      })
      const fields = "status,quality_rating,name_status,throughput{level},code_verification_status"
      assert.deepStrictEqual(yield* get(emulator, `${number}?fields=${fields}`), {
        id: phoneNumberId,
        status: "FLAGGED",
        quality_rating: "YELLOW",
        name_status: "DECLINED",
        throughput: { level: "NOT_APPLICABLE" },
        code_verification_status: "EXPIRED"
      })
      const health = healthOf(yield* get(emulator, `${number}?fields=health_status`))
      assert.strictEqual(health.can_send_message, "BLOCKED")
      const other = yield* get(emulator, `/v23.0/${secondNumberId}?fields=status,quality_rating`)
      assert.deepStrictEqual(other, { id: secondNumberId, status: "CONNECTED", quality_rating: "YELLOW" })
    })
  )

  it.effect(
    "tells a little when it is asked for nothing",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const node = yield* get(emulator, number)
      assert.isUndefined(node.status)
      assert.strictEqual(node.verified_name, "Emulated Business")
    })
  )

  it.effect(
    "knows the limit of the portfolio from v24.0 on",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ number: { messagingLimit: "TIER_10K" } })
      const field = "whatsapp_business_manager_messaging_limit"
      const old = yield* call(emulator, "GET", `${number}?fields=${field}`)
      assert.deepStrictEqual([old.status, refusalOf(old).code], [400, 100])
      const now = yield* get(emulator, `/v24.0/${phoneNumberId}?fields=${field}`)
      assert.deepStrictEqual(now, { id: phoneNumberId, [field]: "TIER_10K" })
    })
  )

  const wrong: ReadonlyArray<readonly [fields: string, code: number]> = [
    ["colour", 100],
    ["constructor", 100],
    ["__proto__", 100],
    ["id,,status", 2500],
    ["throughput{level", 2500],
    ["}", 2500],
    ["a b!", 2500],
    ["{".repeat(500), 2500],
    ["a{".repeat(2000), 2500]
  ]
  it.effect.each(wrong)(
    "has no field %s",
    Effect.fn(function* ([fields, code]) {
      const emulator = yield* makeEmulator()
      const answer = yield* call(emulator, "GET", `${number}?fields=${encodeURIComponent(fields)}`)
      assert.deepStrictEqual([answer.status, refusalOf(answer).code], [400, code])
    })
  )

  it.effect(
    "is listed page by page with the others",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const first = listOf(yield* call(emulator, "GET", `${account}/phone_numbers?limit=1&fields=id,status`))
      assert.deepStrictEqual(first.data, [{ id: phoneNumberId, status: "CONNECTED" }])
      assert.include(first.paging?.next, `access_token=${token}`)
      const second = listOf(
        yield* call(emulator, "GET", `${account}/phone_numbers?limit=1&after=${first.paging?.cursors.after ?? ""}`)
      )
      assert.deepStrictEqual(
        second.data.map((one) => one.id),
        [secondNumberId]
      )
      assert.isUndefined(second.paging?.next)
    })
  )
})

describe("the account", () => {
  const fields =
    "id,name,currency,timezone_id,country,account_review_status,business_verification_status,primary_funding_id,ownership_type"

  it.effect(
    "is in order unless something is said of it",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      assert.deepStrictEqual(yield* get(emulator, `${account}?fields=${fields}`), {
        id: businessAccountId,
        name: "Emulated Business",
        currency: "USD",
        timezone_id: "1",
        country: "US",
        account_review_status: "APPROVED",
        business_verification_status: "verified",
        primary_funding_id: "770011220033446",
        ownership_type: "SELF"
      })
    })
  )

  type Standing = NonNullable<CloudApiEmulator.Options["account"]>
  const faults: ReadonlyArray<readonly [name: string, standing: Standing, sends: string, code: number]> = [
    ["without a method of payment", { primaryFundingId: null }, "LIMITED", 141006],
    ["of a business that is not verified", { businessVerificationStatus: "not_verified" }, "LIMITED", 141010],
    ["that was rejected", { accountReviewStatus: "REJECTED" }, "BLOCKED", 141014],
    [
      "of which something else is said",
      { health: { canSendMessage: "LIMITED", errors: [{ code: 1, description: "d", solution: "s" }] } },
      "LIMITED",
      1
    ]
  ]
  it.effect.each(faults)(
    "%s says so, also in its health",
    Effect.fn(function* ([, standing, sends, code]) {
      const emulator = yield* makeEmulator({ account: standing })
      const node = yield* get(emulator, `${account}?fields=health_status,primary_funding_id`)
      assert.strictEqual("primary_funding_id" in node, standing.primaryFundingId !== null)
      const health = healthOf(node)
      assert.strictEqual(health.can_send_message, sends)
      assert.include(JSON.stringify(health.entities), `"error_code":${code}`)
    })
  )

  it.effect(
    "is the only one",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      for (const edge of ["phone_numbers", "message_templates", "subscribed_apps"]) {
        for (const id of ["999", phoneNumberId, "%2e%2e", "a%00b"]) {
          const answer = yield* call(emulator, "GET", `/v23.0/${id}/${edge}`)
          assert.deepStrictEqual([answer.status, ...codesOf(answer)], [400, 100, 33])
        }
      }
    })
  )
})

describe("the server", () => {
  it.effect(
    "may be of an older version, and its clock may be wrong",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ server: { servedVersion: "v22.0", clockAhead: "10 minutes" } })
      for (const path of [number, `/v19.0/999/nothing`]) {
        const { headers } = yield* call(emulator, "GET", path)
        assert.strictEqual(headers["facebook-api-version"], "v22.0")
        assert.strictEqual(headers["date"], "Thu, 01 Jan 1970 00:10:00 GMT")
      }
    })
  )

  it.effect(
    "answers also what is no version",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      for (const version of ["%0aX-Evil:1", "v23", "%e2%82%ac", "%zz"]) {
        const answer = yield* call(emulator, "GET", `/${version}/${phoneNumberId}`)
        assert.notStrictEqual(answer.status, 200)
        assert.isUndefined(answer.headers["x-evil"])
      }
    })
  )
})
