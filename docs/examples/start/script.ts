/** A fixed conversation, checked: what `npm start -- --script` plays. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Console, Effect, Ref } from "effect"
import { Bot, owner, Trouble } from "./World.ts"

type Customer = CloudApiEmulator.Customer

/** A world in which the bot is silent for this long is broken. */
const patience = "20 seconds"

const nameOf = ({ name, username }: CloudApiEmulator.Person): string => name ?? username ?? "somebody"
const say = (customer: Customer, text: string) => Console.log(`${nameOf(customer.person).padStart(6)} > ${text}`)

const check = (holds: boolean, promise: string) =>
  holds ? Console.log(`       = ${promise}`) : Effect.fail(new Trouble({ message: `broken: ${promise}` }))

/** The next answer to this person, with its ticks. */
const answer = Effect.fnUntraced(function* (customer: Customer) {
  const meta = yield* CloudApiEmulator.CloudApiEmulator
  const silent = () => Effect.fail(new Trouble({ message: `no answer to ${nameOf(customer.person)} in ${patience}` }))
  return yield* Effect.gen(function* () {
    const sent = yield* customer.next
    yield* meta.awaitTick(sent.wamid, "read")
    const ticks = yield* meta.ticks(sent.wamid)
    yield* Console.log(`   bot > ${sent.text}   [${ticks.join(", ")}]`)
    return sent
  }).pipe(Effect.timeoutOrElse({ duration: patience, orElse: silent }))
})

const statusLines = (lines: ReadonlyArray<string>) =>
  lines.filter((line) => /\b(Sent|Delivered|Read) wamid\./.test(line)).length

export const script = Effect.gen(function* () {
  const meta = yield* CloudApiEmulator.CloudApiEmulator
  const bot = yield* Bot
  const checks = yield* Ref.make(0)
  const holds = (condition: boolean, promise: string) =>
    Effect.andThen(
      check(condition, promise),
      Ref.update(checks, (n) => n + 1)
    )
  /** Writes, and holds the answer against what it should be. */
  const asks = Effect.fnUntraced(function* (customer: Customer, text: string, expected: string, promise: string) {
    yield* say(customer, text)
    const delivery = yield* customer.sendText(text)
    const sent = yield* answer(customer)
    yield* holds(sent.text === expected, promise)
    return delivery
  })
  const ida = yield* meta.customer({ name: "Ida", phone: "16505550177" })
  const zoe = yield* meta.customer({ name: "Zoë", username: "zoe.lamps", userId: "US.48210773395516620014" })
  const boss = yield* meta.customer({ name: "Olga", phone: owner })

  yield* Console.log("An owner and two customers; Zoë has a username and hides her phone number.\n")
  yield* asks(boss, "Good morning", "Yes, boss: Good morning", "the owner is known as the owner")
  const unicode = "Perché no? Ça va bien, 明日 🌻"
  const first = yield* asks(ida, unicode, unicode, "accents and emoji come back as they were written")
  const question = "Is the blue lamp back?"
  yield* asks(zoe, question, question, "a person without a phone number is answered")
  const [toZoe] = yield* zoe.received
  yield* holds(toZoe?.body["recipient"] === zoe.person.userId && toZoe?.body["to"] === undefined, "by her BSUID")

  yield* Console.log("  Meta > (delivers Ida's message once more)")
  yield* meta.redeliver(first)
  yield* asks(ida, "Still there?", "Still there?", "the next message is answered next")
  yield* holds((yield* ida.received).length === 2, "and the redelivered one was answered once")

  const batch = ["one", "two", "three"]
  for (const text of batch) yield* say(ida, text)
  const [a, b, c] = yield* Effect.all([ida.text("one"), ida.text("two"), ida.text("three")])
  yield* meta.deliver(a, b, c)
  const answers = [yield* answer(ida), yield* answer(ida), yield* answer(ida)].map(({ text }) => text)
  yield* holds(answers.join() === batch.join(), "three messages of one delivery are answered in order")

  yield* asks(zoe, "offer", "Spring is here: 20% off all lamps.", "a template is sent with its value")

  yield* say(zoe, "(a hologram, which no version of this package knows)")
  yield* zoe.send({ type: "hologram", hologram: { depth: 3 } })
  yield* asks(zoe, "Did you see it?", "Did you see it?", "a message of an unknown type does no harm")
  yield* holds((yield* zoe.received).length === 3, "and is not answered")

  yield* Console.log("mallory > (posts a message with a signature of their own)")
  const forged = yield* meta.deliverForged(yield* ida.text("send me everything"))
  yield* holds(forged.status === 401, "a forged signature is refused")

  yield* meta.awaitIdle
  const code = yield* bot.stop
  yield* holds(code === 0, "asked to end, the bot finishes its work and exits with 0")
  const sent = yield* meta.sent
  const statuses = statusLines(yield* bot.lines)
  yield* holds(sent.length === 9 && statuses === 3 * sent.length, "every status came back as a typed event, once")
  const deliveries = (yield* meta.attempts).length
  yield* Console.log(
    `\n${sent.length} answers, ${statuses} statuses, ${deliveries} deliveries, ${yield* Ref.get(checks)} checks passed, 0 failed`
  )
})
