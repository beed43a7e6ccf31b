/** The events as the guides show them: what happened, in which field of Meta it comes, its fields, and an example. */
import * as Domain from "@effect-whatsapp/core/domain"
import * as Core from "@effect-whatsapp/core/events"
import { fromDelivery, MessageEvent, type Tag, WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Envelope, Json } from "@effect-whatsapp/core/wire"
import { Result, Schema } from "effect"
import { shapes } from "../fixtures/shapes.ts"
import { docOf, prose } from "./comments.ts"
import { read, sources } from "./files.ts"

const code = (text: string) => `\`${text}\``

// Types

const isSchema = (value: unknown): value is Schema.Top => Schema.isSchema(value)

const named = {
  ...Domain,
  ...Core,
  string: Schema.String,
  boolean: Schema.Boolean,
  number: Schema.Finite,
  Json: Schema.Json,
  JsonObject: Schema.JsonObject,
  "DateTime.Utc": Schema.DateTimeUtcFromString,
  Uint8Array: Schema.Uint8ArrayFromBase64
}
const names = new Map<unknown, string>(
  Object.entries(named).flatMap(([name, schema]) => (isSchema(schema) ? [[schema, name] as const] : []))
)

const has = <K extends string>(value: object, key: K): value is { readonly [_ in K]: Schema.Top } =>
  key in value && isSchema(Reflect.get(value, key))

const isOptional = ({ ast }: Schema.Top): boolean => ast.context?.isOptional === true

const typeOf = (schema: Schema.Top): string => {
  const name = names.get(schema)
  if (name !== undefined) return name
  if (isOptional(schema) && has(schema, "schema")) return typeOf(schema.schema)
  if (schema.ast._tag === "Arrays" && has(schema, "value")) return `Array<${typeOf(schema.value)}>`
  if (has(schema, "key") && has(schema, "value")) return `Record<${typeOf(schema.key)}, ${typeOf(schema.value)}>`
  const fields = fieldsOf(schema)
  if (fields.some(([key]) => key === "userId")) return "WhatsAppUser & { groupId?: GroupId }"
  if (fields.length > 0) return `{ ${fields.map(signature).join(", ")} }`
  throw new Error(`docs: name the ${schema.ast._tag} in test/docs/events.ts`)
}

const fieldsOf = (schema: object): ReadonlyArray<readonly [string, Schema.Top]> => {
  const fields: unknown = Reflect.get(schema, "fields")
  return typeof fields === "object" && fields !== null
    ? Object.entries(fields).flatMap(([name, field]) => (isSchema(field) ? [[name, field] as const] : []))
    : []
}

const signature = ([name, schema]: readonly [string, Schema.Top]) =>
  `${name}${isOptional(schema) ? "?" : ""}: ${typeOf(schema)}`

// Where things stand

const files = sources.filter((file) => /^packages\/core\/src\/events\/\w+\.ts$/.test(file))
const inDomain = sources.filter((file) => /^packages\/core\/src\/domain\/\w+\.ts$/.test(file))

const fileOf = (name: string): string => {
  const file = [...files, ...inDomain].find((file) => read(file).includes(`\nexport const ${name} = `))
  if (file === undefined) throw new Error(`docs: no file of the events exports ${name}`)
  return file
}

const said = (name: string): string =>
  docOf(fileOf(name), `const ${name}`).replace(/^Schema for (.)/, (_, first: string) => first.toUpperCase())

const content = "packages/core/src/events/content.ts"

const isFamily = (schema: Schema.Top): boolean => {
  const tags: unknown = Reflect.get(schema, "discriminants")
  return Array.isArray(tags) && tags.every((tag) => members.has(String(tag)))
}

/** The declaration of a constant, in its file or among what families share. */
const declaration = (file: string, name: string): string => {
  const [, kind] = name.split(".")
  if (kind !== undefined)
    return new RegExp(`\\n  ${kind}: \\{[\\s\\S]*?\\n(?=  \\w|\\})`).exec(read(content))?.[0] ?? ""
  for (const source of [file, "packages/core/src/events/shared.ts", content].map(read)) {
    const [found] = new RegExp(`\\n(?:export )?const ${name} = [\\s\\S]*?\\n(?=\\n|export |const )`).exec(source) ?? []
    if (found !== undefined) return found
  }
  return ""
}

/** The comment above a field, where an event declares it or in what it takes its fields from. */
const commentOf = (tag: string, name: string): string => {
  const file = fileOf(tag)
  const looked = new Set<string>()
  const look = (constant: string): string => {
    if (looked.has(constant)) return ""
    looked.add(constant)
    const text = declaration(file, constant)
    const [, comment] = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n\\s*${name}: `).exec(text) ?? []
    if (comment !== undefined) return prose(comment)
    return (
      Array.from(text.matchAll(/(?:\.\.\.|", )([\w.]+)/g), ([, spread = ""]) => look(spread)).find((it) => it !== "") ??
      ""
    )
  }
  return look(tag)
}

const members = new Map<string, object>(Object.entries(WhatsAppEvent.cases))
const messageTags = new Set<string>(MessageEvent.discriminants)
const shared = fieldsOf(Core.TextReceived).filter(([name]) =>
  MessageEvent.members.every(({ fields }) => name in fields && name !== "_tag")
)

const digest = Domain.DeliveryDigest.make("0f4d2c5b")
const bytesOf = ({ file }: { readonly file: string }) => new TextEncoder().encode(read(`test/fixtures/${file}`))

/** The first event of each tag that the fixtures make, and Meta's fields in which it comes. */
const seen = new Map<string, { readonly event: WhatsAppEvent; readonly fields: Set<string> }>()
const see = (event: WhatsAppEvent, field?: string) => {
  const known = seen.get(event._tag) ?? { event, fields: new Set() }
  seen.set(event._tag, known)
  if (field !== undefined) known.fields.add(field)
}
for (const bytes of shapes.map(bytesOf)) {
  const items = Result.match(Json.parseObject(bytes), {
    onFailure: () => [],
    onSuccess: ({ entry }) => (Array.isArray(entry) ? Envelope.items({ entry }) : [])
  })
  for (const [i, { event }] of fromDelivery(digest, bytes).entries()) see(event, items[i]?.field)
}
for (const { event } of fromDelivery(digest, new TextEncoder().encode("Bad Gateway"))) see(event)

const metaFields = (tag: string): ReadonlyArray<string> =>
  Array.from(seen.get(tag)?.fields ?? [])
    .toSorted()
    .map(code)

/** The tags of each part of the page. */
export const families = {
  messages: MessageEvent.discriminants,
  statuses: ["StatusUpdate", "PaymentUpdate"],
  calls: Core.CallEvent.discriminants,
  groups: Core.GroupEvent.discriminants,
  people: Core.PeopleEvent.discriminants,
  coexistence: Core.CoexistenceEvent.discriminants,
  routing: Core.RoutingEvent.discriminants,
  templates: Core.TemplateEvent.discriminants,
  account: Core.AccountEvent.discriminants,
  business: Core.BusinessEvent.discriminants,
  "open world": ["ErrorReported", "UnknownFieldReceived", "Undecodable", "DeliveryUnreadable"]
} as const satisfies { readonly [family: string]: ReadonlyArray<Tag> }

// Examples

/** Pretty JSON in which what is short stays on one line. */
const pretty = (json: Schema.Json, indent = "", room = 110): string => {
  const inline = JSON.stringify(json, null, 1).replaceAll(/\n\s*/g, " ")
  if (inline.length <= room - indent.length || typeof json !== "object" || json === null) return inline
  const inner = `${indent}  `
  const lines = Array.isArray(json)
    ? json.map((element: Schema.Json) => inner + pretty(element, inner, room))
    : Object.entries(json).map(([key, value]) => {
        const start = `${inner}${JSON.stringify(key)}: `
        return start + pretty(value, inner, room - start.length + inner.length)
      })
  const [open, close] = Array.isArray(json) ? ["[", "]"] : ["{", "}"]
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`
}

const toJson = Schema.encodeSync(Schema.toCodecJson(WhatsAppEvent))

const example = (tag: string): string => {
  const found = seen.get(tag)
  if (found === undefined) throw new Error(`docs: no delivery in test/fixtures makes a ${tag}`)
  const json = toJson(found.event)
  if (!Json.isJsonObject(json) || !("raw" in json)) return pretty(json)
  // What Meta sent stands below what we make of it.
  const { raw, ...own } = json
  return pretty({ ...own, raw })
}

// What the guides show

const rowOf = (tag: string) => `[${code(tag)}](25_events.md#${tag.toLowerCase()})`

export const rows = (isMessage: boolean) =>
  Array.from(members.keys())
    .filter((tag) => messageTags.has(tag) === isMessage)
    .map((tag) => [rowOf(tag), said(tag), ...(isMessage ? [] : [metaFields(tag).join(", ")])])

const rawLast = (fields: ReadonlyArray<readonly [string, Schema.Top]>) => [
  ...fields.filter(([name]) => name !== "raw"),
  ...fields.filter(([name]) => name === "raw")
]

const bullet = (tag: string, field: readonly [string, Schema.Top]) => {
  const comment = commentOf(tag, field[0])
  return `- ${code(signature(field))}${comment === "" ? "" : `: ${comment}`}`
}

export const sections = (family: string): string => {
  const tags = new Map<string, ReadonlyArray<Tag>>(Object.entries(families)).get(family) ?? []
  return tags
    .map((tag) => {
      const fields = fieldsOf(members.get(tag) ?? {}).filter(
        ([name]) => name !== "_tag" && !(messageTags.has(tag) && shared.some(([known]) => known === name))
      )
      const [first, ...more] = metaFields(tag)
      return [
        `### ${tag}`,
        said(tag),
        ...(first === undefined
          ? []
          : [`Meta's ${more.length === 0 ? "field" : "fields"}: ${[first, ...more].join(", ")}`]),
        ...(fields.length === 0
          ? []
          : [
              rawLast(fields)
                .map((field) => bullet(tag, field))
                .join("\n")
            ]),
        `<details><summary>As JSON</summary>\n\n\`\`\`json\n${example(tag)}\n\`\`\`\n\n</details>`
      ].join("\n\n")
    })
    .join("\n\n")
}

/** The fields of a schema, or the values or tags it may be. */
const contents = (name: string, value: Schema.Top): string => {
  const fields = fieldsOf(value).filter(([field]) => field !== "_tag")
  if (fields.length > 0) return fields.map((field) => bullet(name, field).slice(2)).join("<br>")
  const tags: unknown = Reflect.get(value, "discriminants") ?? Reflect.get(value, "literals")
  return Array.isArray(tags) ? tags.map((tag) => code(String(tag))).join(", ") : ""
}

/** The objects and words that stand in events, beside ids. */
export const nested = () =>
  Object.entries({ ...Domain, ...Core })
    .flatMap(([name, value]) =>
      isSchema(value) && !members.has(name) && !isFamily(value) ? [[name, value] as const] : []
    )
    .map(([name, value]) => [name, contents(name, value)] as const)
    .filter(([, it]) => it !== "")
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, it]) => [code(name), said(name), it])

/** What every message event has; the comment above a field in the sources, or what is said here. */
export const sharedFields = () => {
  const file = "packages/core/src/events/shared.ts"
  const source = read(file)
  const body = source.slice(source.indexOf("export const message = {"))
  const comment = (name: string) => {
    const [, text = ""] = new RegExp(`/\\*\\* ([^*]*) \\*/\\n  ${name}: `).exec(body) ?? []
    return text
  }
  const meanings: { readonly [name: string]: string } = {
    wamid: "The message, for `replyTo`.",
    phoneNumberId: "The business number that was written to.",
    businessAccountId: "The WhatsApp Business Account of that number.",
    conversationId: "This number with this person or group; what is ordered is ordered within it.",
    timestamp: "When it was written, to the second.",
    sender: "An `Owner` or a `Customer`, each with the `user`.",
    context: said("Context"),
    referral: said("Referral"),
    raw: docOf(file, "const raw")
  }
  return shared.map((entry) => {
    const meaning = meanings[entry[0]] ?? comment(entry[0])
    if (meaning === "") throw new Error(`docs: say in test/docs/events.ts what the field ${entry[0]} is`)
    return [code(signature(entry)), meaning]
  })
}
