/** Full deliveries as Meta batches them: a thousand items in one change, with the contacts of everyone they are about. */
import { Delivery } from "@effect-whatsapp/core/testing"

export const batchSize = 1000

/** Ids as long as Meta's, all different. */
const makeIds = () => {
  let counter = 0
  return (kind: "wamid" | "callback") => {
    const unique = String(++counter).padStart(12, "0")
    return kind === "wamid"
      ? `wamid.HBgLMTY1MDU1NTAxNzcVAgARGBI5QTNDQTVC${unique}RTY3RTcA`
      : `5f0c1d7e-3a44-4b52-9c5e-${unique}`
  }
}
const nextId = makeIds()

const phone = (person: number) => String(16505550000 + person)
const userId = (person: number) => `US.48210773395516${String(person).padStart(6, "0")}`
const contact = (person: number, username: boolean) =>
  Delivery.contact({
    from: phone(person),
    userId: userId(person),
    name: `Zoë Müller ${person}`,
    ...(username ? { username: `zoe.mueller.${person}` } : {})
  })
const range = (length: number) => Array.from({ length }, (_, i) => i)

const stages = ["sent", "delivered", "read"] as const
const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" }

/** Statuses of a campaign: a thousand people, a message each; pricing with `sent` and `delivered`, never with `read`. */
export const statuses = (): Uint8Array =>
  Delivery.messages({
    contacts: range(batchSize).map((person) => contact(person, person % 3 !== 0)),
    statuses: range(batchSize).map((person) => {
      const stage = stages[person % stages.length] ?? "sent"
      return {
        id: nextId("wamid"),
        status: stage,
        timestamp: String(Delivery.defaults.timestamp + person),
        recipient_id: phone(person),
        recipient_user_id: userId(person),
        biz_opaque_callback_data: nextId("callback"),
        ...(stage === "read" ? {} : { pricing })
      }
    })
  })

const people = 200

/** Texts of 200 people, mixed. */
export const texts = (): Uint8Array =>
  Delivery.messages({
    contacts: range(people).map((person) => contact(person, true)),
    messages: range(batchSize).map((i) =>
      Delivery.textItem(nextId("wamid"), {
        from: phone((i * 7) % people),
        userId: userId((i * 7) % people),
        text: `Grüße, ist Bestellung ${i} schon unterwegs? 📦`
      })
    )
  })
