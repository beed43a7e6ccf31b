/** What Meta documents for a template that is handed in, beyond what holds for one that is sent. Page: "Template components". */
import { type Limit, limits } from "@effect-whatsapp/core/message"

const characters = (max: number): Limit => ({ min: 1, max, unit: "characters" })
const items = (max: number): Limit => ({ min: 0, max, unit: "items" })

export const creationLimits = {
  name: limits["template.name"],
  headerText: limits["template.header.text"],
  body: characters(limits["template.body.beside"].max),
  bodyOfOffer: characters(limits["template.body.offer"].max),
  bodyOfCard: characters(limits["template.card.body"].max),
  footer: characters(60),
  expirationMinutes: { min: 1, max: 90, unit: "minutes" },
  offer: characters(16),
  cards: limits["template.cards"],
  buttons: limits["template.buttons"],
  buttonsOfUrl: limits["template.buttons.url"],
  buttonsOfCode: limits["template.buttons.copy_code"],
  buttonsOfPhone: items(1),
  buttonText: characters(25),
  buttonUrl: characters(limits["template.button.url"].max),
  phoneNumber: characters(20),
  /** Shorter than what may be sent later. */
  code: characters(15),
  apps: { min: 1, max: 5, unit: "items" },
  packageName: characters(224),
  signatureHash: { min: 11, max: 11, unit: "characters" },
  ttlMinutes: limits["template.button.voiceCall.ttlMinutes"]
} as const satisfies { readonly [what: string]: Limit }
