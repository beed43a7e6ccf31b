/** Events of one kind together, by the word that people have for them. */
import {
  AccountEvent,
  BusinessEvent,
  CallEvent,
  CoexistenceEvent,
  GroupEvent,
  MessageEvent,
  PeopleEvent,
  RoutingEvent,
  type Tag,
  TemplateEvent,
  WhatsAppEvent
} from "@effect-whatsapp/core/events"

/** Every tag is in one of them. */
export const families = {
  message: MessageEvent.discriminants,
  status: ["StatusUpdate", "PaymentUpdate"],
  call: CallEvent.discriminants,
  group: GroupEvent.discriminants,
  coexistence: CoexistenceEvent.discriminants,
  routing: RoutingEvent.discriminants,
  person: PeopleEvent.discriminants,
  template: TemplateEvent.discriminants,
  account: [...AccountEvent.discriminants, ...BusinessEvent.discriminants],
  problem: ["ErrorReported", "UnknownFieldReceived", "Undecodable", "DeliveryUnreadable"]
} as const satisfies { readonly [name: string]: ReadonlyArray<Tag> }

export type Family = keyof typeof families

const names: ReadonlyArray<Family> = [
  "message",
  "status",
  "call",
  "group",
  "coexistence",
  "routing",
  "person",
  "template",
  "account",
  "problem"
]
const byTag: ReadonlyMap<string, Family> = new Map(
  names.flatMap((name) => families[name].map((tag): readonly [string, Family] => [tag, name]))
)

/** The family of a tag; one that none has is something new. */
export const familyOf = (tag: Tag): Family => byTag.get(tag) ?? "problem"

/** All that `--on` takes. */
export const words: ReadonlyArray<string> = [...names, ...Object.keys(WhatsAppEvent.guards)]

/** The tags that a word stands for: a tag, or a family. Nothing when it is neither. */
export const tagsOf = (word: string): ReadonlyArray<string> | undefined => {
  const family = names.find((name) => name === word)
  if (family !== undefined) return families[family]
  return Object.hasOwn(WhatsAppEvent.guards, word) ? [word] : undefined
}
