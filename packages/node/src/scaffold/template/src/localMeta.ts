/** A Meta on this machine, for `dev` and the tests. Nothing here is a secret, and nothing leaves the machine. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { ConfigProvider, Effect, Layer } from "effect"
import { HttpServer } from "effect/http"

/** Whoever writes from this phone is the owner. */
export const ownerPhone = "15550001111"

const appSecret = "an-app-secret-for-this-machine"
const accessToken = "an-access-token-for-this-machine"
const verifyToken = "a-verify-token-for-this-machine"
const phoneNumberId = "207311904455012"

const Meta = CloudApiEmulator.layer({
  appSecret,
  businessAccountId: "330011220044556",
  numbers: [{ phoneNumberId, displayPhoneNumber: "15557300142", accessToken }]
})

/** All that the bot sees of the environment, whatever the real one holds. */
const Environment = Layer.unwrap(
  Effect.map(CloudApiEmulator.CloudApiEmulator, (meta) =>
    ConfigProvider.layer(
      ConfigProvider.fromUnknown({
        PORT: "0",
        WHATSAPP_API_URL: meta.url,
        WHATSAPP_APP_SECRET: appSecret,
        WHATSAPP_ACCESS_TOKEN: accessToken,
        WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
        WHATSAPP_VERIFY_TOKEN: verifyToken,
        WHATSAPP_OWNER_PHONES: ownerPhone
      })
    )
  )
)

/** What is done once in Meta's dashboard: its handshake with the address of the bot. */
const Subscribed = Layer.effectDiscard(
  Effect.gen(function* () {
    const meta = yield* CloudApiEmulator.CloudApiEmulator
    const { address } = yield* HttpServer.HttpServer
    const port = "port" in address ? address.port : 80
    yield* meta.setWebhookUrl(`http://127.0.0.1:${port}/whatsapp/webhook`)
    yield* meta.verifyWebhook(verifyToken)
  })
)

/** Runs a bot against it. */
export const onLocalMeta = <E>(bot: Layer.Layer<HttpServer.HttpServer, E>) =>
  Subscribed.pipe(Layer.provide(bot), Layer.provide(Environment), Layer.provideMerge(Meta))
