/** Hands templates in for review: samples first, which are uploaded, then each template on its own. */
import { type Account, Upload, WhatsAppAccount, WhatsAppClient } from "@effect-whatsapp/core/client"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Checked } from "./Creation.ts"

/** What is to become of a template. */
export type Plan = { readonly checked: Checked } & (
  | { readonly _tag: "Create" }
  | { readonly _tag: "Edit"; readonly existing: Account.AccountTemplate }
)

export interface Pushed {
  readonly action: "created" | "edited"
  readonly name: string
  readonly language: string
  readonly id: string
  readonly status: string | undefined
  readonly category: string | undefined
}

/** Looks up whether there is such a template in this language. */
export const plan = Effect.fnUntraced(function* (checked: Checked) {
  const { templates } = yield* WhatsAppAccount.WhatsAppAccount
  const { language, name } = checked
  const existing = yield* templates({ name }).pipe(
    Stream.filter((one) => one.name === name && one.language === language),
    Stream.runHead
  )
  return Option.match(existing, {
    onNone: (): Plan => ({ _tag: "Create", checked }),
    onSome: (existing): Plan => ({ _tag: "Edit", checked, existing })
  })
})

// Samples

const mark = "file:"
const isObject = Schema.is(Schema.JsonObject)
const isList = (value: Schema.Json): value is ReadonlyArray<Schema.Json> => Array.isArray(value)

/** The value with every handle replaced that names a file. */
const mapSamples = (value: Schema.Json, replace: (path: string) => string): Schema.Json => {
  const handle = (one: Schema.Json): Schema.Json =>
    typeof one === "string" && one.startsWith(mark) ? replace(one.slice(mark.length)) : one
  if (isList(value)) return value.map((one) => mapSamples(one, replace))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "header_handle" && isList(one) ? one.map(handle) : mapSamples(one, replace)
    ])
  )
}

/** The files that stand as samples in a template, each once. */
export const samplesOf = ({ node }: Checked): ReadonlyArray<string> => {
  const found = new Set<string>()
  mapSamples(node, (path) => {
    found.add(path)
    return path
  })
  return Array.from(found)
}

/** Uploads a file; its handle. */
export const upload = Effect.fnUntraced(function* (path: string, options?: Upload.FinishOptions) {
  const client = yield* WhatsAppClient.WhatsAppClient
  const file = yield* Upload.fromPath(path)
  const session = yield* client.startUpload(file)
  return (yield* client.finishUpload(session, file, options)).handle
})

// Handing in

/** What can be changed of a template that is there. */
const editable = new Set(["category", "components", "message_send_ttl_seconds", "cta_url_link_tracking_opted_out"])

/** Meta refuses a category for one that is approved, and so one that is what it is already is left out. */
const changesOf = (node: Schema.JsonObject, { category }: Account.AccountTemplate): Schema.JsonObject =>
  Object.fromEntries(
    Object.entries(node).filter(
      ([key, value]) =>
        editable.has(key) &&
        !(key === "category" && typeof value === "string" && value.toUpperCase() === category?.toUpperCase())
    )
  )

/** Creates or edits a template, whose samples have these handles by their paths. */
export const push = Effect.fnUntraced(function* (plan: Plan, handles: ReadonlyMap<string, string>) {
  const account = yield* WhatsAppAccount.WhatsAppAccount
  const { language, name, node } = plan.checked
  const withHandles = mapSamples(node, (path) => handles.get(path) ?? path)
  const given = isObject(withHandles) ? withHandles : node
  if (plan._tag === "Create") {
    const { category, id, status } = yield* account.createTemplate(given)
    const created: Pushed = { action: "created", name, language, id, status, category }
    return created
  }
  const { id } = plan.existing
  yield* account.editTemplate(id, changesOf(given, plan.existing))
  const { category, status } = yield* account.template(id)
  const edited: Pushed = { action: "edited", name, language, id, status, category }
  return edited
})
