import { assert, describe, it } from "@effect/vitest"
import { Environment, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { Config, ConfigProvider, Effect, Layer, Redacted, Schema, SchemaGetter } from "effect"

const token = "EAAG-very-secret"
const both = { WHATSAPP_ACCESS_TOKEN: token, WHATSAPP_PHONE_NUMBER_ID: "106540352242922" }

const fromEnv = (env: Record<string, string>) =>
  Effect.provide(
    WhatsAppConfig.WhatsAppConfig,
    Layer.provide(WhatsAppConfig.layerConfig, ConfigProvider.layer(ConfigProvider.fromEnvRecord(env)))
  )
const problem = (env: Record<string, string>) => Effect.map(Effect.flip(fromEnv(env)), (error) => error.message)

describe("the environment", () => {
  it.effect(
    "needs two variables, and pins the version",
    Effect.fn(function* () {
      const { apiUrl, apiVersion, defaultNumber, numbers } = yield* fromEnv(both)
      assert.deepStrictEqual(
        [apiUrl, apiVersion, defaultNumber],
        ["https://graph.facebook.com", "v23.0", "106540352242922"]
      )
      assert.deepStrictEqual(
        [...numbers].map(([id, it]) => [id, Redacted.value(it)]),
        [["106540352242922", token]]
      )
    })
  )
  it.effect(
    "names all that is missing in one line",
    Effect.fn(function* () {
      const message = yield* problem({})
      assert.include(message, "missing WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID")
      assert.notInclude(message, "\n")
    })
  )
  it.effect(
    "counts empty and blank as missing",
    Effect.fn(function* () {
      assert.include(
        yield* problem({ WHATSAPP_ACCESS_TOKEN: "", WHATSAPP_PHONE_NUMBER_ID: "  \n" }),
        "missing WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID"
      )
      const { apiVersion } = yield* fromEnv({ ...both, WHATSAPP_API_VERSION: " ", WHATSAPP_API_URL: "" })
      assert.strictEqual(apiVersion, "v23.0")
    })
  )
  it.effect(
    "names the missing and the malformed together",
    Effect.fn(function* () {
      const message = yield* problem({ WHATSAPP_API_URL: "graph.facebook.com", WHATSAPP_API_VERSION: "23" })
      assert.include(message, "missing WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID; invalid ")
      assert.include(message, "WHATSAPP_API_VERSION (expected a version as in v23.0)")
      assert.include(message, "WHATSAPP_API_URL (expected an http or https URL")
    })
  )
  it.effect(
    "never shows a value",
    Effect.fn(function* () {
      const error = yield* Effect.flip(
        fromEnv({
          WHATSAPP_ACCESS_TOKEN: "EAAG with-a space",
          WHATSAPP_PHONE_NUMBER_ID: "+39 340 123 4567",
          WHATSAPP_API_URL: "https://user:hunter2@proxy.example",
          WHATSAPP_API_VERSION: "hunter3"
        })
      )
      for (const secret of ["EAAG", "340", "hunter2", "hunter3"]) {
        assert.notInclude(`${error.message} ${String(error)} ${JSON.stringify(error)}`, secret)
      }
    })
  )
  it.effect(
    "drops white space around a value, as files and shells leave it",
    Effect.fn(function* () {
      const { defaultNumber, numbers } = yield* fromEnv({
        WHATSAPP_ACCESS_TOKEN: `${token}\n`,
        WHATSAPP_PHONE_NUMBER_ID: " 1065 "
      })
      assert.strictEqual(defaultNumber, "1065")
      assert.deepStrictEqual([...numbers.values()].map(Redacted.value), [token])
    })
  )
  it.effect.each([
    ["https://graph.facebook.com/", "https://graph.facebook.com"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080/emulator/", "http://localhost:8080/emulator"],
    ["https://proxy.example/meta/graph", "https://proxy.example/meta/graph"],
    ["http://[::1]:8080", "http://[::1]:8080"]
  ] as const)(
    "the URL %s is %s",
    Effect.fn(function* ([given, url]) {
      assert.strictEqual((yield* fromEnv({ ...both, WHATSAPP_API_URL: given })).apiUrl, url)
    })
  )
  it.effect.each([
    "graph.facebook.com",
    "ftp://graph.facebook.com",
    "https://",
    "https://a?b=1",
    "https://a#b",
    "https://u:p@a",
    "http://a b",
    "https://a:999999",
    "javascript:alert(1)"
  ])(
    "the URL %s stops the start",
    Effect.fn(function* (url) {
      assert.include(yield* problem({ ...both, WHATSAPP_API_URL: url }), "invalid WHATSAPP_API_URL")
    })
  )
})

describe("values", () => {
  const of = (options: WhatsAppConfig.Options) =>
    Effect.provide(WhatsAppConfig.WhatsAppConfig, WhatsAppConfig.layer(options))
  const number = (phoneNumberId: string, accessToken = token) => ({
    phoneNumberId,
    accessToken: Redacted.make(accessToken)
  })

  it.effect(
    "may be several numbers; the first is the default",
    Effect.fn(function* () {
      const { defaultNumber, numbers } = yield* of({ numbers: [number("2", "two"), number("1", "one")] })
      assert.strictEqual(defaultNumber, "2")
      assert.deepStrictEqual(
        [...numbers].map(([id, it]) => [id, Redacted.value(it)]),
        [
          ["2", "two"],
          ["1", "one"]
        ]
      )
    })
  )
  it.effect(
    "are held against the same rules",
    Effect.fn(function* () {
      for (const options of [
        { numbers: [number("")] },
        { numbers: [number("1", "")] },
        { numbers: [number("1"), number("1")] },
        { numbers: [number("1")], apiVersion: "23" },
        { numbers: [number("1")], apiUrl: "nowhere" }
      ] as ReadonlyArray<WhatsAppConfig.Options>) {
        const error = yield* Effect.flip(of(options))
        assert.strictEqual(error._tag, "ConfigError")
        assert.notInclude(String(error), token)
      }
    })
  )
})

it.effect(
  "the collection of variables serves other configs, and keeps their types",
  Effect.fn(function* () {
    const config = Environment.all({
      secret: Environment.required("WHATSAPP_APP_SECRET", Schema.RedactedFromValue(Schema.NonEmptyString)),
      path: Environment.optional("WHATSAPP_WEBHOOK_PATH", Schema.String, "/whatsapp/webhook"),
      port: Config.withDefault(Config.Port("PORT"), 3000),
      foreign: Config.String("FOREIGN")
    })
    const env = (env: Record<string, string>) => ConfigProvider.fromEnvRecord(env)
    const { path, port, secret } = yield* config.parse(env({ WHATSAPP_APP_SECRET: "s", FOREIGN: "f", PORT: "80" }))
    assert.deepStrictEqual([Redacted.value(secret), path, port + 1], ["s", "/whatsapp/webhook", 81])
    const error = yield* Effect.flip(config.parse(env({ PORT: "http" })))
    assert.include(error.message, "missing WHATSAPP_APP_SECRET, FOREIGN; invalid PORT (")
  })
)

it.effect(
  "a variable is named as it is in the environment, also when a part of its value is wrong",
  Effect.fn(function* () {
    const names = Schema.Array(Schema.NonEmptyString).check(Schema.isMinLength(1))
    const split = Schema.String.pipe(
      Schema.decodeTo(names, {
        decode: SchemaGetter.split({ separator: "," }),
        encode: SchemaGetter.transform((all) => all.join(","))
      })
    )
    const config = Environment.all({ secrets: Environment.required("WHATSAPP_APP_SECRET", split) })
    const { message } = yield* Effect.flip(config.parse(ConfigProvider.fromEnvRecord({ WHATSAPP_APP_SECRET: "a,,b" })))
    assert.include(message, "invalid WHATSAPP_APP_SECRET (")
  })
)

it.effect(
  "a layer of a config that fails says so in its own words",
  Effect.fn(function* () {
    const error = yield* Effect.flip(Effect.scoped(Layer.build(WhatsAppConfig.layerConfig))).pipe(
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({})))
    )
    assert.strictEqual(error._tag, "ConfigError")
  })
)
