/**
 * A bot that sends more than texts: it offers buttons, answers what was pressed with a list or a document, gives a photo
 * back after it has fetched and checked it, and shows that it is typing while it thinks. `npm start` has the smaller
 * echo; `node docs/examples/40_shop.ts` runs this one against Meta.
 */
import { Upload, WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message, Template } from "@effect-whatsapp/core/message"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Layer, Match } from "effect"

const greeting = Message.buttons({
  body: "What can we do for you?",
  buttons: [
    { id: "visit", title: "Book a visit" },
    { id: "prices", title: "Prices" },
    { id: "offer", title: "This week's offer" }
  ]
})

const slots = Message.list({
  body: "When would you like to come?",
  button: "Choose a time",
  sections: [
    { title: "Today", rows: [{ id: "today-16", title: "16:00", description: "One place left" }] },
    { title: "Tomorrow", rows: [{ id: "tomorrow-9", title: "09:00" }] }
  ]
})

/** As it was approved: what is missing or misspelt in a call of it does not compile. */
const weeklyOffer = Template.define({
  name: "weekly_offer",
  language: "en",
  body: "Hello {{first_name}}, {{plant}} is {{discount}} off this week."
})

const prices = Effect.gen(function* () {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  const csv = new TextEncoder().encode("plant,price\nfern,12.00\n")
  const { mediaId } = yield* whatsapp.uploadMedia(Upload.fromBytes(csv, { name: "prices.txt", type: "text/plain" }))
  return Message.document({ id: mediaId }, { filename: "prices.txt", caption: "All of them" })
})

const answerTo = (buttonId: string, name: string) =>
  Match.value(buttonId).pipe(
    Match.when("visit", () => Effect.succeed(slots)),
    Match.when("prices", () => prices),
    Match.when("offer", () =>
      Effect.succeed(weeklyOffer({ body: { first_name: name, plant: "the fern", discount: "20%" } }))
    ),
    Match.orElse(() => Effect.succeed(greeting))
  )

const talk = Listener.make(
  "talk",
  "TextReceived",
  Effect.fn("talk")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    yield* whatsapp.reply(event, greeting)
  })
)

const pressed = Listener.make(
  "pressed",
  "ReplyButtonPressed",
  Effect.fn("pressed")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    const answer = answerTo(event.buttonId, event.sender.user.profileName ?? "there")
    yield* whatsapp.reply(event, yield* WhatsAppClient.withTyping(event, answer))
  })
)

const photo = Listener.make(
  "photo",
  "ImageReceived",
  Effect.fn("photo")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    const { bytes, mimeType } = yield* whatsapp.readMedia(event)
    const { mediaId } = yield* whatsapp.uploadMedia(Upload.fromBytes(bytes, { type: mimeType }))
    yield* whatsapp.reply(event, Message.image({ id: mediaId }, { caption: "Lovely!", replyTo: event.wamid }))
    yield* whatsapp.reply(event, Message.reaction(event.wamid, "🌿"))
  })
)

const Main = WebhookServer.layer().pipe(
  Layer.provide(Listeners.layer(talk, pressed, photo)),
  Layer.provide([
    WhatsAppClient.layerConfig,
    OwnerResolver.layerConfig,
    Deduplication.layerMemory(),
    Inbox.layerMemory()
  ])
)

NodeRuntime.runMain(Layer.launch(Main))
