/**
 * Meta's own description of a template, as `GET /{waba-id}/message_templates` returns it, read as ours. Meta page:
 * "WhatsApp Business Account > Message templates".
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { ButtonDescription, type CardDescription, Description, HeaderDescription, keyOf } from "./Description.ts"

const optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
const text = optional(Schema.String)

const Button = Schema.Struct({ type: Schema.String, text, url: text, phone_number: text })
const part = {
  type: Schema.String,
  format: text,
  text,
  buttons: optional(Schema.Array(Button)),
  limited_time_offer: optional(Schema.Struct({ text, has_expiration: optional(Schema.Boolean) }))
}
const Part = Schema.Struct(part)
type Part = typeof Part.Type

/** Schema for as much of a template node as a description needs. Words are in either case, and more may be there. */
export const Node = Schema.Struct({
  name: Schema.String,
  language: Schema.String,
  category: text,
  sub_category: text,
  components: Schema.Array(
    Schema.Struct({ ...part, cards: optional(Schema.Array(Schema.Struct({ components: Schema.Array(Part) }))) })
  )
})
export type Node = typeof Node.Type

type Read<A> = Effect.Effect<A, SchemaIssue.Issue>

const at = (path: ReadonlyArray<PropertyKey>) =>
  Effect.mapError((issue: SchemaIssue.Issue) => new SchemaIssue.Pointer(path, issue))

const fail = (expected: string): Read<never> => Effect.fail(new SchemaIssue.InvalidValue({ expected }))

const isButtonType = Schema.is(Schema.Literals(ButtonDescription.members[0].fields.type.literals))
const isHeaderType = Schema.is(Schema.Literals(HeaderDescription.members[1].fields.type.literals))
const isCategory = Schema.is(Schema.Literals(["marketing", "utility", "authentication"]))

/** On the wire every button of a one-time password is a link, and Meta gives it back as one. */
const isOneTimePassword = (type: string) => type === "url" || type === "otp" || type === "copy_code"

const readButton = (button: typeof Button.Type, category: string): Read<ButtonDescription> => {
  const type = button.type.toLowerCase()
  const label = typeof button.text === "string" ? { text: button.text } : {}
  if (category === "authentication" && isOneTimePassword(type)) return Effect.succeed({ type: "otp", ...label })
  if (type === "url") return Effect.succeed({ type, ...label, url: button.url ?? "" })
  if (type === "phone_number") {
    const { phone_number } = button
    return Effect.succeed({
      type,
      ...label,
      ...(typeof phone_number === "string" ? { phoneNumber: phone_number } : {})
    })
  }
  return isButtonType(type)
    ? Effect.succeed({ type, ...label })
    : at(["type"])(fail("a type of button that is modelled"))
}

/** Buttons that have the same text are told apart by a number. */
const distinct = (buttons: ReadonlyArray<ButtonDescription>): ReadonlyArray<ButtonDescription> => {
  const seen = new Map<string, number>()
  return buttons.map((button) => {
    const key = keyOf(button)
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    return times === 1 ? button : { ...button, name: `${key} ${times}` }
  })
}

const readHeader = ({ format, text }: Part): Read<HeaderDescription> => {
  const type = (format ?? "text").toLowerCase()
  if (type === "text") return Effect.succeed({ type, text: text ?? "" })
  return isHeaderType(type) ? Effect.succeed({ type }) : at(["format"])(fail("a format of header that is modelled"))
}

/** What a component of a template or of a card says; nothing when it is of another kind. */
const readPart = Effect.fnUntraced(function* (
  component: Part,
  category: string
): Effect.fn.Return<CardDescription | undefined, SchemaIssue.Issue> {
  switch (component.type.toLowerCase()) {
    case "header":
      return { header: yield* readHeader(component) }
    case "body":
      return typeof component.text === "string" ? { body: component.text } : {}
    case "buttons": {
      const buttons = yield* Effect.forEach(component.buttons ?? [], (button, index) =>
        at(["buttons", index])(readButton(button, category))
      )
      return { buttons: distinct(buttons) }
    }
    default:
      return undefined
  }
})

const unknown = at(["type"])(fail("a type of component that is modelled"))

const readCard = Effect.fnUntraced(function* (components: ReadonlyArray<Part>, category: string) {
  const parts = yield* Effect.forEach(components, (component, index) =>
    at(["components", index])(
      Effect.flatMap(readPart(component, category), (part) => (part === undefined ? unknown : Effect.succeed(part)))
    )
  )
  return parts.reduce<CardDescription>((all, part) => Object.assign(all, part), {})
})

const readComponent = Effect.fnUntraced(function* (
  component: Node["components"][number],
  category: string
): Effect.fn.Return<Omit<Description, "name" | "language">, SchemaIssue.Issue> {
  const part = yield* readPart(component, category)
  if (part !== undefined) return part
  switch (component.type.toLowerCase()) {
    case "footer":
      return typeof component.text === "string" ? { footer: component.text } : {}
    case "limited_time_offer": {
      const { has_expiration, text } = component.limited_time_offer ?? {}
      return {
        limitedTimeOffer: {
          ...(typeof text === "string" ? { text } : {}),
          ...(has_expiration === true ? { hasExpiration: true } : {})
        }
      }
    }
    case "carousel":
      return {
        carousel: yield* Effect.forEach(component.cards ?? [], ({ components }, index) =>
          at(["cards", index])(readCard(components, category))
        )
      }
    case "call_permission_request":
      return { callPermissionRequest: true }
    default:
      return yield* unknown
  }
})

const read = Effect.fnUntraced(function* (node: Node): Effect.fn.Return<Description, SchemaIssue.Issue> {
  const category = (node.category ?? "").toLowerCase()
  const parts = yield* Effect.forEach(node.components, (component, index) =>
    at(["components", index])(readComponent(component, category))
  )
  return parts.reduce<Description>((all, part) => Object.assign(all, part), {
    name: node.name,
    language: node.language,
    ...(isCategory(category) ? { category } : {}),
    ...(node.sub_category?.toLowerCase() === "order_status" ? { orderStatus: true } : {})
  })
})

/**
 * Schema for a description, read from Meta's template node; it is not written back. Fails where the template has a kind
 * of component, header or button that is not modelled, with the path to it.
 *
 * **Example** (From an answer of Meta's)
 *
 * ```ts
 * import { Template } from "@effect-whatsapp/core/message"
 * import { Schema } from "effect"
 *
 * const node = {
 *   name: "order_update",
 *   language: "en_US",
 *   category: "UTILITY",
 *   components: [
 *     { type: "BODY", text: "Hi {{1}}" },
 *     { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop" }] }
 *   ]
 * }
 * const { body, buttons } = Schema.decodeUnknownSync(Template.DescriptionFromNode)(node)
 *
 * body // => "Hi {{1}}"
 * buttons // => [{ type: "quick_reply", text: "Stop" }]
 * ```
 */
export const DescriptionFromNode = Node.pipe(
  Schema.decodeTo(Description, {
    decode: SchemaGetter.transformEffect(read),
    encode: SchemaGetter.forbiddenEncoding
  })
)
