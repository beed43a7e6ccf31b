/** The templates of the account. Everything that Meta writes of one is kept as Meta writes it. */
import * as Schema from "effect/Schema"
import type { MetaOptions } from "../CloudApiEmulator.ts"
import type { ChangePart } from "../Delivery.ts"
import { compact, type Fields } from "./envelope.ts"
import * as ids from "./ids.ts"

/** A template: in short, with the text of its body at most, or as the node that Meta answers with. */
export interface TemplateDefinition {
  readonly name: string
  /** Language code, matched exactly: `en` is not `en_US`. */
  readonly language: string
  /**
   * Text with `{{1}}` or `{{name}}`; a send must give exactly these values. Without it, any values are taken. Of no
   * effect beside `components`.
   */
  readonly body?: string
  /** In either case. @default "utility" */
  readonly category?: "utility" | "marketing" | "authentication" | (string & {})
  /**
   * Meta's own, as `[{ type: "BODY", text: "Hi {{1}}" }]`: a send must then give every value of every component, each of
   * its kind, and none besides.
   */
  readonly components?: ReadonlyArray<Schema.JsonObject>
  /** @default made up */
  readonly id?: string
  /** Only what is `APPROVED` can be sent. @default "APPROVED" */
  readonly status?: string
  /** `NAMED` or `POSITIONAL`. @default what the body says */
  readonly parameter_format?: string
  readonly sub_category?: string
  readonly rejected_reason?: string
  readonly quality_score?: Schema.JsonObject
  readonly previous_category?: string
  readonly correct_category?: string
  readonly message_send_ttl_seconds?: number
  readonly cta_url_link_tracking_opted_out?: boolean
  readonly library_template_name?: string
}

/** What is made of it. */
export interface Draft {
  readonly name: string
  readonly language: string
  readonly category: string
  readonly status: string
  readonly components: ReadonlyArray<Fields>
  readonly isNamed: boolean
  /** What else Meta says of it. */
  readonly more: Fields
}

export interface Template extends Draft {
  /** Its place in lists, which no other ever has. */
  readonly place: number
  readonly id: string
  /** Whether all its components are known. */
  readonly isWhole: boolean
  /** When it was changed while it was approved, in milliseconds. */
  readonly changes: ReadonlyArray<number>
}

export type TemplateStore = ReturnType<typeof make>

const month = 30 * 86_400_000

const keyOf = (name: string, language: string): string => `${language} ${name}`

export const make = (options: MetaOptions, millis: () => number) => {
  const byId = new Map<string, Template>()
  const byKey = new Map<string, string>()
  /** The names of what was approved and is deleted: nothing new may have them for 30 days. */
  const deleted = new Map<string, number>()
  let places = 0

  const put = (template: Template): Template => {
    byId.set(template.id, template)
    const key = keyOf(template.name, template.language)
    if (!byKey.has(key)) byKey.set(key, template.id)
    return template
  }
  const add = (draft: Draft, isWhole = true, id = ids.digits()): Template =>
    put({ ...draft, isWhole, id, place: ++places, changes: [] })

  for (const { body, components, id, ...rest } of options.templates ?? []) {
    const { category = "utility", language, name, parameter_format: format, status = "APPROVED", ...more } = rest
    const parts = components ?? (body === undefined ? [] : [{ type: "BODY", text: body }])
    const draft: Draft = {
      name,
      language,
      category: category.toUpperCase(),
      status: status.toUpperCase(),
      components: category.toUpperCase() === "AUTHENTICATION" ? parts.map(oneTimePassword) : parts,
      isNamed: format === undefined ? parts.some(hasNames) : format.toUpperCase() === "NAMED",
      more: compact(more)
    }
    add(draft, components !== undefined, id)
  }

  return {
    /** Whether others than these cannot be sent. */
    isClosed: options.templates !== undefined,
    /** Oldest first. */
    all: (): ReadonlyArray<Template> => Array.from(byId.values()),
    get: (id: string): Template | undefined => byId.get(id),
    find: (name: string, language: string): Template | undefined => byId.get(byKey.get(keyOf(name, language)) ?? ""),
    add: (draft: Draft): Template => add(draft),
    change: (template: Template): Template => put(template),
    remove: ({ id, language, name, status }: Template): void => {
      byId.delete(id)
      byKey.delete(keyOf(name, language))
      if (status === "APPROVED") deleted.set(keyOf(name, language), millis())
    },
    /** Whether the name was given up less than 30 days ago. */
    wasDeleted: (name: string, language: string): boolean => {
      const at = deleted.get(keyOf(name, language))
      return at !== undefined && millis() - at < month
    }
  }
}

/** The type of a component or a button, in upper case. */
export const kindOf = ({ type }: Fields): string => (typeof type === "string" ? type.toUpperCase() : "")

const hasNames = ({ text }: Fields): boolean =>
  typeof text === "string" &&
  Array.from(text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)).some(([, name = ""]) => !/^\d+$/.test(name))

/** Meta gives a template of codes its words, and its buttons back as links. */
export const oneTimePassword = (component: Fields): Fields => {
  const type = kindOf(component)
  if (type === "BODY" && component.text === undefined) {
    const advice = component.add_security_recommendation === true ? " For your security, do not share this code." : ""
    const text = `*{{1}}* is your verification code.${advice}`
    return { ...component, type, text, example: { body_text: [["123456"]] } }
  }
  const { code_expiration_minutes: minutes } = component
  if (type === "FOOTER" && component.text === undefined && typeof minutes === "number") {
    return { ...component, type, text: `This code expires in ${minutes} minutes.` }
  }
  return type === "BUTTONS" && isList(component.buttons)
    ? { ...component, type, buttons: component.buttons.map(link) }
    : component
}

const link = (button: Schema.Json): Schema.Json => {
  if (!isObject(button) || kindOf(button) !== "OTP") return button
  const kind = kindOf({ type: button.otp_type ?? "COPY_CODE" })
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${kind}&code=otp{{1}}`
  return { type: "URL", text: button.text ?? "Copy code", url, example: [url.replace("{{1}}", "123456")] }
}

const isObject = Schema.is(Schema.JsonObject)
const isList: (value: Schema.Json | undefined) => value is Schema.JsonArray = Array.isArray

/** Every field that a template has at Meta; what is absent is `undefined`. */
export const fieldsOf = (template: Template): { readonly [field: string]: Schema.Json | undefined } => ({
  id: template.id,
  name: template.name,
  language: template.language,
  status: template.status,
  category: template.category,
  parameter_format: template.isNamed ? "NAMED" : "POSITIONAL",
  components: template.components,
  quality_score: { score: "UNKNOWN", date: 0 },
  rejected_reason: "NONE",
  previous_category: undefined,
  correct_category: undefined,
  sub_category: undefined,
  message_send_ttl_seconds: undefined,
  cta_url_link_tracking_opted_out: undefined,
  library_template_name: undefined,
  degrees_of_freedom_spec: undefined,
  health_status: healthOf(template),
  ...template.more
})

const healthOf = ({ id, status }: Template): Schema.JsonObject => {
  const canSend = status === "APPROVED" ? "AVAILABLE" : "BLOCKED"
  const errors = [
    {
      error_code: 141002,
      error_description: `The template is ${status.toLowerCase()}.`,
      possible_solution: "Wait for the review, or change the template."
    }
  ]
  return {
    can_send_message: canSend,
    entities: [
      compact({
        entity_type: "MESSAGE_TEMPLATE",
        id,
        can_send_message: canSend,
        errors: canSend === "BLOCKED" ? errors : undefined
      })
    ]
  }
}

/** The whole node. */
export const nodeOf = (template: Template): Fields => compact(fieldsOf(template))

/** What a review does to a template, as the webhook hears of it. */
export const review = (
  store: TemplateStore,
  { language, name }: { readonly name: string; readonly language: string },
  status: string,
  reason = "NONE"
): ChangePart => {
  const template = store.find(name, language)
  if (template === undefined) throw new TypeError(`There is no template ${name} in ${language}`)
  store.change({ ...template, status, more: { ...template.more, rejected_reason: reason } })
  return {
    field: "message_template_status_update",
    value: {
      event: status,
      // A number here, and a string everywhere else.
      message_template_id: /^\d+$/.test(template.id) ? Number(template.id) : template.id,
      message_template_name: name,
      message_template_language: language,
      message_template_category: template.category,
      reason
    }
  }
}
