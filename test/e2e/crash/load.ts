/**
 * Senders that post what Meta would: texts with a running number for each conversation, in batches too, statuses between
 * them, and redeliveries in the same and in other bytes. What gets no 200 is posted again until it does.
 */
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, Random } from "effect"
import { send, sign } from "../../node/webhook/loopback.ts"

/** Bodies carry it, so that a file can be searched for what is left of them. */
export const secret = "orchid in bloom"

export interface World {
  /** Where the server listens; waits while there is none. */
  readonly url: Effect.Effect<string>
  readonly ended: () => boolean
}

/** What was posted, as the calls it must lead to: "listener lane number wamid". */
export interface Posted {
  readonly calls: Set<string>
  acknowledged: number
  /** Posts that got no 200. */
  refused: number
  redelivered: number
  /** Redeliveries of what is handled long since, in other bytes. */
  readonly again: Array<Uint8Array>
}

export const makePosted = (): Posted => ({ calls: new Set(), acknowledged: 0, refused: 0, redelivered: 0, again: [] })

interface Text {
  readonly from: string
  readonly number: number
  readonly wamid: string
}
interface Status {
  readonly wamid: string
  readonly number: number
}

const values = ["sent", "delivered", "read"]
const textOf = ({ from, number }: Text) => `${from} ${number} ${secret}`
const item = (one: Text) => Delivery.textItem(one.wamid, { from: one.from, text: textOf(one) })
const statusItem = ({ number, wamid }: Status) => Delivery.statusItem(wamid, values[number - 1] ?? "")

/** Texts and statuses in one delivery, and who sent them; by another name it is another delivery. */
const deliveryOf = (texts: ReadonlyArray<Text>, statuses: ReadonlyArray<Status>, name: string) =>
  Delivery.messages({
    contacts: texts.map(({ from }) => Delivery.contact({ from, name })),
    messages: texts.map(item),
    statuses: statuses.map(statusItem)
  })

/** One of several senders, with conversations of its own; ends with everything acknowledged that it has posted. */
export const sender = Effect.fnUntraced(function* (world: World, posted: Posted, name: number) {
  const people = Array.from({ length: 5 }, (_, i) => ({ from: `1650555${name}${String(i).padStart(3, "0")}`, last: 0 }))
  const sent: Array<Text> = []
  let count = 0
  let message: Status = { wamid: `wamid.out.${name}.0`, number: 0 }

  const post = Effect.fnUntraced(function* (body: Uint8Array) {
    const signature = yield* sign(body)
    for (;;) {
      const url = yield* world.url
      const answer = yield* Effect.option(
        send(url, { method: "POST", body, headers: { "x-hub-signature-256": signature } })
      )
      if (answer._tag === "Some" && answer.value.status === 200) break
      posted.refused++
      yield* Effect.sleep(5)
    }
    posted.acknowledged++
  })

  const nextText = Effect.gen(function* () {
    const person = yield* Random.choice(people)
    const number = ++person.last
    const text: Text = { from: person.from, number, wamid: `wamid.${person.from}.${number}` }
    sent.push(text)
    for (const listener of ["slow", "quick"]) posted.calls.add(`${listener} ${text.from} ${number} ${text.wamid}`)
    return text
  })
  const nextStatus = Effect.sync(() => {
    const isLast = message.number === values.length
    const next = isLast ? `wamid.out.${name}.${++count}` : message.wamid
    message = { wamid: next, number: isLast ? 1 : message.number + 1 }
    posted.calls.add(`status ${message.wamid} ${message.number} ${message.wamid}`)
    return message
  })
  /** Only some are delivered again, or a lost one would come back and nobody would notice. */
  const redeliver = Effect.gen(function* () {
    const one = sent.findLast(({ number }) => number % 4 === 1)
    if (one === undefined) return
    const isSame = yield* Random.nextBoolean
    posted.redelivered++
    if (!isSame) posted.again.push(deliveryOf([one], [], `In the end ${posted.redelivered}`))
    yield* post(deliveryOf([one], [], isSame ? "Ida Voss" : `Ida ${posted.redelivered}`))
  })

  while (!world.ended()) {
    const dice = yield* Random.next
    if (dice < 0.1) yield* redeliver
    else if (dice < 0.25) yield* post(deliveryOf([], [yield* nextStatus], ""))
    else if (dice < 0.7) yield* post(deliveryOf([yield* nextText], [], "Ida Voss"))
    else {
      const texts = yield* Effect.replicateEffect(nextText, yield* Random.nextIntBetween(2, 8))
      yield* post(deliveryOf(texts, [yield* nextStatus], "Ida Voss"))
    }
  }
})
