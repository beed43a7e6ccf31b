import { assert, describe, it } from "@effect/vitest"
import type { WhatsAppAccount } from "@effect-whatsapp/core/client"
import { PhoneNumberId } from "@effect-whatsapp/core/domain"
import { DateTime, Effect, Exit, Redacted, Schema, Stream, Tracer } from "effect"
import { phoneNumberId, token } from "../../node/cli/graph.ts"
import { makeRecorder } from "../../node/tracing.ts"
import * as Account from "./account.ts"
import { printed } from "./printed.ts"

type Service = WhatsAppAccount.WhatsAppAccount["Service"]

const { accountId } = Account
const verifyToken = "verify-token-of-orchid"
const appSecret = "app-secret-of-orchid"
const callback = { url: "https://bot.example/hook", verifyToken: Redacted.make(verifyToken) }
const app = { appId: "674852410238711", appSecret: Redacted.make(appSecret) }
const at = (...path: ReadonlyArray<string>) => `/${["v23.0", ...path].join("/")}`

/** Every call, with what it asks of Meta. */
const calls: {
  readonly [name: string]: {
    readonly run: (account: Service) => Effect.Effect<unknown, unknown>
    readonly asks: Pick<Account.Asked, "method" | "path"> & Partial<Account.Asked>
    readonly needsAccount?: true
  }
} = {
  token: { run: (it) => it.token, asks: { method: "GET", path: at("debug_token"), query: { input_token: token } } },
  number: { run: (it) => it.number(), asks: { method: "GET", path: at(phoneNumberId) } },
  "number by its id": {
    run: (it) => it.number(PhoneNumberId.make("102290129340398")),
    asks: { method: "GET", path: at("102290129340398") }
  },
  numbers: {
    run: (it) => Stream.runCollect(it.numbers),
    asks: { method: "GET", path: at(accountId, "phone_numbers") },
    needsAccount: true
  },
  account: { run: (it) => it.account, asks: { method: "GET", path: at(accountId) }, needsAccount: true },
  server: { run: (it) => it.server, asks: { method: "GET", path: at(phoneNumberId), query: { fields: "id" } } },
  subscribedApps: {
    run: (it) => it.subscribedApps,
    asks: { method: "GET", path: at(accountId, "subscribed_apps") },
    needsAccount: true
  },
  subscribe: {
    run: (it) => it.subscribe(),
    asks: { method: "POST", path: at(accountId, "subscribed_apps"), body: "" },
    needsAccount: true
  },
  "subscribe with a callback": {
    run: (it) => it.subscribe(callback),
    asks: {
      method: "POST",
      path: at(accountId, "subscribed_apps"),
      body: JSON.stringify({ override_callback_uri: callback.url, verify_token: verifyToken })
    },
    needsAccount: true
  },
  unsubscribe: {
    run: (it) => it.unsubscribe,
    asks: { method: "DELETE", path: at(accountId, "subscribed_apps") },
    needsAccount: true
  },
  appSubscriptions: {
    run: (it) => it.appSubscriptions(app),
    asks: {
      method: "GET",
      path: at(app.appId, "subscriptions"),
      authorization: `Bearer ${app.appId}|${appSecret}`
    }
  },
  overrideNumber: {
    run: (it) => it.overrideNumber(callback),
    asks: {
      method: "POST",
      path: at(phoneNumberId),
      body: JSON.stringify({
        webhook_configuration: { override_callback_uri: callback.url, verify_token: verifyToken }
      })
    }
  },
  "overrideNumber with nothing": {
    run: (it) => it.overrideNumber(undefined),
    asks: {
      method: "POST",
      path: at(phoneNumberId),
      body: JSON.stringify({ webhook_configuration: { override_callback_uri: "" } })
    }
  },
  templates: {
    run: (it) => Stream.runCollect(it.templates()),
    asks: { method: "GET", path: at(accountId, "message_templates") },
    needsAccount: true
  },
  template: { run: (it) => it.template("594425479261596"), asks: { method: "GET", path: at("594425479261596") } },
  createTemplate: {
    run: (it) => it.createTemplate({ name: "hello", language: "en" }),
    asks: {
      method: "POST",
      path: at(accountId, "message_templates"),
      body: JSON.stringify({ name: "hello", language: "en" })
    },
    needsAccount: true
  },
  editTemplate: {
    run: (it) => it.editTemplate("594425479261596", { category: "UTILITY" }),
    asks: { method: "POST", path: at("594425479261596"), body: JSON.stringify({ category: "UTILITY" }) }
  },
  deleteTemplate: {
    run: (it) => it.deleteTemplate({ name: "hello" }),
    asks: { method: "DELETE", path: at(accountId, "message_templates"), query: { name: "hello" } },
    needsAccount: true
  },
  "deleteTemplate in one language": {
    run: (it) => it.deleteTemplate({ name: "hello", id: "594425479261596" }),
    asks: {
      method: "DELETE",
      path: at(accountId, "message_templates"),
      query: { name: "hello", hsm_id: "594425479261596" }
    },
    needsAccount: true
  }
}

/** All that may be printed of it. */
const text = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isFailure(exit) ? printed(exit).join("\n") : "a success"

const failureOf = <A, E>(effect: Effect.Effect<A, E>) => Effect.flip(effect)

const refusal = (code: number, message = "no") => ({
  status: 400,
  body: { error: { message, type: "OAuthException", code, fbtrace_id: "Az8" } }
})

describe("each call", () => {
  for (const [name, { asks, needsAccount, run }] of Object.entries(calls)) {
    it.effect(`asks Meta for one thing: ${name}`, () =>
      Effect.gen(function* () {
        const { account, asked } = yield* Account.make(() => ({ body: {} }))
        yield* Effect.exit(run(account))
        const [first] = yield* asked
        assert.deepInclude(first, { authorization: `Bearer ${token}`, ...asks })
      })
    )

    it.effect(`fails as Meta says: ${name}`, () =>
      Effect.gen(function* () {
        const { account } = yield* Account.make(() => refusal(190))
        const error = yield* failureOf(run(account))
        assert.propertyVal(error, "_tag", "WhatsAppError")
        assert.include(JSON.stringify(error), "AuthenticationFailed")
      })
    )

    it.effect(`asks for nothing when it needs an account and none is configured: ${name}`, () =>
      Effect.gen(function* () {
        const { account, asked } = yield* Account.make(() => ({ body: {} }), {})
        const exit = yield* Effect.exit(run(account))
        assert.strictEqual((yield* asked).length === 0, needsAccount === true)
        if (needsAccount !== true) return
        assert.isTrue(Exit.isFailure(exit))
        assert.include(text(exit), "WHATSAPP_BUSINESS_ACCOUNT_ID")
      })
    )

    it.effect(`shows no secret, whatever Meta repeats: ${name}`, () =>
      Effect.gen(function* () {
        const { spans, tracer, printed: told } = makeRecorder()
        const { account } = yield* Account.make(({ authorization, body, query }) =>
          refusal(190, [authorization, body, ...Object.values(query)].join(" "))
        )
        const exit = yield* Effect.exit(run(account)).pipe(Effect.provideService(Tracer.Tracer, tracer))
        assert.isAbove(spans.length, 0)
        for (const secret of [token, verifyToken, appSecret]) {
          assert.notInclude(text(exit), secret)
          assert.notInclude(told(), secret)
        }
      })
    )

    it.effect.prop(`fails or succeeds, and never dies, whatever is answered: ${name}`, [Schema.Json], ([body]) =>
      Effect.gen(function* () {
        const { account } = yield* Account.make(() => ({ body }))
        const exit = yield* Effect.exit(run(account))
        if (Exit.isFailure(exit)) assert.isFalse(Exit.hasDies(exit), text(exit))
      })
    )
  }

  for (const id of ["", "..", "1/2", "1?fields=access_token", "12 34", "%2e%2e", "1#x"]) {
    it.effect(`takes no id that would lead elsewhere: ${JSON.stringify(id)}`, () =>
      Effect.gen(function* () {
        const { account, asked } = yield* Account.make(() => ({ body: {} }))
        const errors = yield* Effect.all([
          failureOf(account.number(PhoneNumberId.make(id))),
          failureOf(account.template(id)),
          failureOf(account.editTemplate(id, {})),
          failureOf(account.overrideNumber(undefined, PhoneNumberId.make(id))),
          failureOf(account.appSubscriptions({ ...app, appId: id }))
        ])
        for (const { reason } of errors) assert.strictEqual(reason._tag, "InvalidMessage")
        assert.deepStrictEqual(yield* asked, [])
      })
    )
  }

  for (const url of ["", "nowhere", `https://bot.example/${"x".repeat(200)}`]) {
    it.effect(`takes no callback that Meta would not: ${url.slice(0, 30)}`, () =>
      Effect.gen(function* () {
        const { account, asked } = yield* Account.make(() => ({ body: { success: true } }))
        const errors = [
          yield* failureOf(account.subscribe({ ...callback, url })),
          yield* failureOf(account.overrideNumber({ ...callback, url }))
        ]
        for (const { reason } of errors) assert.propertyVal(reason, "field", "callback.url")
        assert.deepStrictEqual(yield* asked, [])
      })
    )
  }
})

describe("the token", () => {
  const answering = (data: object) =>
    Effect.map(
      Account.make(() => ({ body: { data } })),
      ({ account }) => account
    )

  it.effect("is read with what it may do, and until when", () =>
    Effect.gen(function* () {
      const { token } = yield* answering({
        app_id: "674852410238711",
        type: "USER",
        application: "Orchid",
        is_valid: true,
        expires_at: 1795000000,
        issued_at: "1794900000",
        scopes: ["whatsapp_business_messaging", "whatsapp_business_management"],
        granular_scopes: [{ scope: "whatsapp_business_messaging", target_ids: [accountId] }, { scope: "public" }, 7]
      })
      assert.deepStrictEqual(yield* token, {
        isValid: true,
        scopes: ["whatsapp_business_messaging", "whatsapp_business_management"],
        targets: new Map([["whatsapp_business_messaging", [accountId]]]),
        appId: "674852410238711",
        type: "USER",
        expiresAt: DateTime.makeUnsafe(1795000000_000),
        issuedAt: DateTime.makeUnsafe(1794900000_000)
      })
    })
  )

  it.effect("is not shown by what Meta says is wrong with it", () =>
    Effect.gen(function* () {
      const account = yield* answering({ is_valid: false, error: { message: `Cannot parse ${token}.\nTry again` } })
      assert.strictEqual((yield* account.token).problem, "Cannot parse <redacted>. Try again")
    })
  )

  it.effect("does not expire when Meta says 0, and is not valid when Meta does not say so", () =>
    Effect.gen(function* () {
      const { token } = yield* answering({ expires_at: 0, error: { code: 190, message: "Malformed" } })
      assert.deepStrictEqual(yield* token, {
        isValid: false,
        scopes: [],
        targets: new Map<string, ReadonlyArray<string>>(),
        problem: "Malformed"
      })
    })
  )
})

describe("a number", () => {
  const node = {
    id: phoneNumberId,
    display_phone_number: "+1 555-010-0001",
    verified_name: "Orchid",
    status: "CONNECTED",
    quality_rating: "GREEN",
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    platform_type: "CLOUD_API",
    account_mode: "LIVE",
    throughput: { level: "STANDARD" },
    webhook_configuration: { application: "https://bot.example/hook" },
    health_status: {
      can_send_message: "LIMITED",
      entities: [
        { entity_type: "PHONE_NUMBER", id: phoneNumberId, can_send_message: "AVAILABLE" },
        {
          entity_type: "WABA",
          id: accountId,
          can_send_message: "LIMITED",
          errors: [{ error_code: 141010, error_description: "Not verified", possible_solution: "Verify it" }]
        }
      ]
    }
  }

  it.effect("is read with all that Meta says of it", () =>
    Effect.gen(function* () {
      const { account } = yield* Account.make(() => ({ body: node }))
      assert.deepStrictEqual(yield* account.number(), {
        id: PhoneNumberId.make(phoneNumberId),
        displayPhoneNumber: "+1 555-010-0001",
        verifiedName: "Orchid",
        status: "CONNECTED",
        qualityRating: "GREEN",
        verificationStatus: "VERIFIED",
        nameStatus: "APPROVED",
        platform: "CLOUD_API",
        mode: "LIVE",
        throughput: "STANDARD",
        callbacks: { app: "https://bot.example/hook" },
        health: {
          canSend: "LIMITED",
          entities: [
            { type: "PHONE_NUMBER", id: phoneNumberId, canSend: "AVAILABLE", errors: [] },
            {
              type: "WABA",
              id: accountId,
              canSend: "LIMITED",
              errors: [{ code: 141010, description: "Not verified", solution: "Verify it" }]
            }
          ]
        },
        raw: node
      })
    })
  )

  it.effect("is asked for with fewer fields where Meta does not know them all", () =>
    Effect.gen(function* () {
      const { account, asked } = yield* Account.make(({ query }) =>
        query["fields"]?.includes("health_status") === true
          ? refusal(100, "unknown field")
          : { body: { id: phoneNumberId } }
      )
      assert.strictEqual((yield* account.number()).id, phoneNumberId)
      assert.lengthOf(yield* asked, 2)
    })
  )
})

describe("a list", () => {
  const template = (id: string) => ({ id, name: `t${id}`, language: "en", components: [] })
  const page = (ids: ReadonlyArray<string>, after?: string) => ({
    body: {
      data: ids.map(template),
      paging: {
        cursors: { before: "b", ...(after === undefined ? {} : { after }) },
        ...(after === undefined ? {} : { next: `https://elsewhere.example/?access_token=${token}&after=${after}` })
      }
    }
  })

  it.effect("goes on behind short and empty pages, from cursor to cursor, and never along Meta's link", () =>
    Effect.gen(function* () {
      const pages = new Map([
        ["", page(["1"], "a+/=1")],
        ["a+/=1", page([], "a2")],
        ["a2", page(["2", "3"])]
      ])
      const { account, asked } = yield* Account.make(({ query }) => pages.get(query["after"] ?? "") ?? refusal(100))
      const found = yield* Stream.runCollect(account.templates({ status: "APPROVED" }))
      assert.deepStrictEqual(
        Array.from(found, ({ id }) => id),
        ["1", "2", "3"] as ReadonlyArray<string>
      )
      const all = yield* asked
      assert.deepStrictEqual(
        all.map(({ query }) => [query["after"], query["status"]]),
        [
          [undefined, "APPROVED"],
          ["a+/=1", "APPROVED"],
          ["a2", "APPROVED"]
        ]
      )
      for (const { path } of all) assert.strictEqual(path, at(accountId, "message_templates"))
    })
  )

  it.effect("holds no template that merely has a part of the name", () =>
    Effect.gen(function* () {
      const { account, asked } = yield* Account.make(() => page(["1", "12", "1"]))
      const found = yield* Stream.runCollect(account.templates({ name: "t1" }))
      assert.lengthOf(found, 2)
      assert.propertyVal((yield* asked)[0]?.query, "name", "t1")
    })
  )

  it.effect("fails when there is more and no cursor to ask for it with, instead of leaving it out", () =>
    Effect.gen(function* () {
      const { account } = yield* Account.make(() => ({
        body: { data: [], paging: { next: `x?access_token=${token}` } }
      }))
      const error = yield* failureOf(Stream.runCollect(account.templates()))
      assert.strictEqual(error.reason._tag, "UnexpectedAnswer")
      assert.include(error.message, "no cursor")
      assert.notInclude(error.message, token)
    })
  )

  it.effect("fails when a cursor comes again, instead of going round", () =>
    Effect.gen(function* () {
      const { account, asked } = yield* Account.make(() => page(["1"], "again"))
      const { reason } = yield* failureOf(Stream.runDrain(account.templates()))
      assert.strictEqual(reason._tag, "UnexpectedAnswer")
      assert.lengthOf(yield* asked, 2)
    })
  )

  it.effect("leaves out what cannot be read, and asks for no more than is taken", () =>
    Effect.gen(function* () {
      const { account, asked } = yield* Account.make(() => ({
        body: {
          data: [template("1"), { id: "2" }, null, "x", template("3")],
          paging: { next: "x", cursors: { after: "y" } }
        }
      }))
      const found = yield* Stream.runCollect(Stream.take(account.templates(), 2))
      assert.deepStrictEqual(
        Array.from(found, ({ id }) => id),
        ["1", "3"] as ReadonlyArray<string>
      )
      assert.lengthOf(yield* asked, 1)
    })
  )
})

describe("subscriptions", () => {
  it.effect("are read in their old form too", () =>
    Effect.gen(function* () {
      const { account } = yield* Account.make(({ path }) =>
        path.endsWith("subscriptions")
          ? {
              body: {
                data: [
                  {
                    object: "whatsapp_business_account",
                    callback_url: callback.url,
                    active: true,
                    fields: [{ name: "messages", version: "v23.0" }, "calls", 7]
                  },
                  { object: "page", active: false, fields: [] },
                  "x"
                ]
              }
            }
          : {
              body: {
                data: [
                  { whatsapp_business_api_data: { id: 674852410238711, name: "Orchid", link: "x" } },
                  { override_callback_uri: callback.url }
                ]
              }
            }
      )
      assert.deepStrictEqual(yield* account.appSubscriptions(app), [
        {
          object: "whatsapp_business_account",
          isActive: true,
          fields: ["messages", "calls"],
          callbackUrl: callback.url
        },
        { object: "page", isActive: false, fields: [] }
      ])
      assert.deepStrictEqual(yield* account.subscribedApps, [
        { id: "674852410238711", name: "Orchid" },
        { overrideCallbackUrl: callback.url }
      ])
    })
  )
})

describe("the server", () => {
  it.effect("is known by its headers, and by nothing when there are none", () =>
    Effect.gen(function* () {
      const headers = { "facebook-api-version": "v24.0", date: "Fri, 27 Nov 2026 10:00:00 GMT" }
      const { account } = yield* Account.make(() => ({ headers, body: { id: phoneNumberId } }))
      assert.deepStrictEqual(yield* account.server, {
        apiVersion: "v24.0",
        time: DateTime.makeUnsafe("2026-11-27T10:00:00Z")
      })
      const { account: other } = yield* Account.make(() => ({ headers: { date: "soon" }, body: {} }))
      assert.deepStrictEqual(yield* other.server, {})
    })
  )
})
