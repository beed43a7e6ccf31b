import { assert, it } from "@effect/vitest"
import { WebhookConfig } from "@effect-whatsapp/node/webhook"
import { ConfigProvider, Effect, Inspectable, Layer, Redacted } from "effect"

const fromEnv = (env: { readonly [name: string]: string }) =>
  Effect.map(WebhookConfig.WebhookConfig, (config) => config).pipe(
    Effect.provide(WebhookConfig.layerConfig.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env)))))
  )
const least = { WHATSAPP_APP_SECRET: "secret", WHATSAPP_VERIFY_TOKEN: "token" }

it.effect("reads one secret or several, and has defaults for the rest", () =>
  Effect.gen(function* () {
    const config = yield* fromEnv(least)
    assert.deepStrictEqual(config.appSecrets.map(Redacted.value), ["secret"])
    assert.strictEqual(Redacted.value(config.verifyToken), "token")
    assert.strictEqual(config.path, "/whatsapp/webhook")
    assert.strictEqual(config.maxBodySize, 3_145_728)
    const rotating = yield* fromEnv({ ...least, WHATSAPP_APP_SECRET: "old, new", WHATSAPP_WEBHOOK_PATH: "/meta" })
    assert.deepStrictEqual(rotating.appSecrets.map(Redacted.value), ["old", "new"])
    assert.strictEqual(rotating.path, "/meta")
  })
)

const refused: ReadonlyArray<readonly [what: string, env: { readonly [name: string]: string }, named: string]> = [
  ["no secret", { WHATSAPP_VERIFY_TOKEN: "token" }, "WHATSAPP_APP_SECRET"],
  ["an empty secret", { ...least, WHATSAPP_APP_SECRET: "" }, "WHATSAPP_APP_SECRET"],
  ["a blank secret", { ...least, WHATSAPP_APP_SECRET: "  " }, "WHATSAPP_APP_SECRET"],
  ["an empty secret among others", { ...least, WHATSAPP_APP_SECRET: "one,,two" }, "WHATSAPP_APP_SECRET"],
  ["a comma at the end of the secrets", { ...least, WHATSAPP_APP_SECRET: "one," }, "WHATSAPP_APP_SECRET"],
  ["no verify token", { WHATSAPP_APP_SECRET: "secret" }, "WHATSAPP_VERIFY_TOKEN"],
  ["an empty verify token", { ...least, WHATSAPP_VERIFY_TOKEN: "" }, "WHATSAPP_VERIFY_TOKEN"],
  ["a path without a slash", { ...least, WHATSAPP_WEBHOOK_PATH: "webhook" }, "WHATSAPP_WEBHOOK_PATH"]
]
it.effect.each(refused)("refuses to start with %s, and names the variable", ([, env, named]) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(fromEnv(env))
    assert.include(error.message, named)
    assert.notInclude(error.message, "two")
  })
)

it.effect("names all that is missing at once", () =>
  Effect.gen(function* () {
    const { message } = yield* Effect.flip(fromEnv({}))
    assert.include(message, "WHATSAPP_APP_SECRET")
    assert.include(message, "WHATSAPP_VERIFY_TOKEN")
  })
)

const emptySettings: ReadonlyArray<readonly [what: string, options: WebhookConfig.Options]> = [
  ["no secret", { appSecrets: [], verifyToken: "token" }],
  ["an empty secret", { appSecrets: ["one", ""], verifyToken: "token" }],
  ["a blank secret", { appSecrets: [Redacted.make(" ")], verifyToken: "token" }],
  ["an empty verify token", { appSecrets: ["one"], verifyToken: "" }]
]
it.effect.each(emptySettings)("refuses %s from the program too", ([, options]) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(Layer.build(WebhookConfig.layer(options)))
    assert.include(error.message, "none of them empty")
  })
)

it.effect("does not show its secrets when it is printed", () =>
  Effect.gen(function* () {
    const config = yield* fromEnv({ WHATSAPP_APP_SECRET: "orchid-one,orchid-two", WHATSAPP_VERIFY_TOKEN: "orchid-3" })
    assert.notInclude(JSON.stringify(config), "orchid")
    assert.notInclude(Inspectable.toStringUnknown(config), "orchid")
  })
)
