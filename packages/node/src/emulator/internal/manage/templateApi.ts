/** Templates: list, read, make, change and delete. */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as Schema from "effect/Schema"
import type { Fields as JsonFields } from "../envelope.ts"
import { answer, endpoint, type World } from "../graph.ts"
import { refusedChange, type Refused, unknownObject } from "../graphError.ts"
import { invalid } from "../sendIssue.ts"
import { fieldsOf, oneTimePassword, type Template } from "../templateStore.ts"
import * as Access from "./access.ts"
import * as Fields from "./fields.ts"
import * as Paging from "./paging.ts"
import * as Parameters from "./parameters.ts"
import * as Rules from "./templateRules.ts"

type Request = HttpServerRequest.HttpServerRequest

const day = 86_400_000

/** Without `fields`. */
const usual = ["name", "parameter_format", "components", "language", "status", "category", "sub_category", "id"]

export const mount = Effect.fnUntraced(function* (router: HttpRouter.HttpRouter, world: World) {
  const path = "/:wabaId/message_templates"
  yield* endpoint(
    router,
    world,
    "GET",
    path,
    Effect.fnUntraced(function* (request, { wabaId = "" }) {
      const token = yield* Access.ofAccount(world, request, wabaId)
      return yield* list(world, request, token.text)
    })
  )
  yield* endpoint(
    router,
    world,
    "POST",
    path,
    Effect.fnUntraced(function* (request, { wabaId = "" }) {
      yield* Access.ofAccount(world, request, wabaId)
      return yield* create(world, yield* Parameters.read(request))
    })
  )
  yield* endpoint(
    router,
    world,
    "DELETE",
    path,
    Effect.fnUntraced(function* (request, { wabaId = "" }) {
      yield* Access.ofAccount(world, request, wabaId)
      const doomed = yield* chosen(world, yield* Parameters.read(request))
      for (const { name, status } of doomed) {
        if (status === "DISABLED") return yield* invalid(`The template ${name} is disabled, and cannot be deleted.`)
      }
      for (const template of doomed) world.templates.remove(template)
      return answer(200, { success: true })
    })
  )
})

/** `GET /{template-id}`. */
export const get = Effect.fnUntraced(function* (world: World, request: Request, template: Template) {
  yield* Access.manager(world, request, template.id)
  const asked = yield* Fields.wanted(yield* Parameters.read(request))
  return answer(200, yield* describe(template, asked))
})

/** `POST /{template-id}`. */
export const edit = Effect.fnUntraced(function* (world: World, request: Request, id: string) {
  yield* Access.manager(world, request, id)
  const given = yield* Parameters.read(request)
  // While the body came, it may have been deleted or changed.
  const template = world.templates.get(id)
  if (template === undefined) return yield* unknownObject(id, request.method)
  if (!["APPROVED", "REJECTED", "PAUSED"].includes(template.status)) {
    const details = `A template that is ${template.status} cannot be changed.`
    return yield* refusedChange(2388039, "This template cannot be edited", details)
  }
  const wasApproved = template.status === "APPROVED"
  const now = world.millis()
  const lately = template.changes.filter((at) => now - at < 30 * day)
  if (wasApproved && (lately.length >= 10 || lately.some((at) => now - at < day))) {
    const details = "An approved template can be changed once in 24 hours, and 10 times in 30 days."
    return yield* refusedChange(2388039, "This template cannot be edited", details)
  }
  const category = given.has("category") ? yield* Rules.category(given) : template.category
  if (wasApproved && category !== template.category) {
    const details = "The category of an approved template cannot be changed."
    return yield* refusedChange(2388039, "This template cannot be edited", details)
  }
  const settings = yield* Rules.settings(given)
  const components = given.has("components")
    ? yield* Rules.components(given, contextOf(world, category, template.isNamed))
    : template.components
  if (!given.has("components") && !given.has("category") && Object.keys(settings).length === 0) {
    return yield* invalid("At least one of category, components or message_send_ttl_seconds is required.")
  }
  world.templates.change({
    ...template,
    category,
    components: stored(category, components),
    isWhole: template.isWhole || given.has("components"),
    status: reviewed(world),
    more: { ...template.more, ...settings, rejected_reason: "NONE" },
    changes: wasApproved ? [...lately, now] : lately
  })
  return answer(200, { success: true, id: template.id, name: template.name, category })
})

const contextOf = (world: World, category: string, isNamed: boolean) => ({
  category,
  isNamed,
  isHandle: (handle: string) => world.uploads.uploaded.some((one) => one.handle === handle)
})

const reviewed = (world: World): string => world.options.templateStanding?.review ?? "PENDING"

const stored = (category: string, components: ReadonlyArray<JsonFields>) =>
  category === "AUTHENTICATION" ? components.map(oneTimePassword) : components

const describe = (template: Template, asked: Effect.Success<ReturnType<typeof Fields.wanted>>) =>
  Fields.select({ type: "WhatsAppMessageTemplate", fields: fieldsOf(template) }, asked, usual)

const list = Effect.fnUntraced(function* (world: World, request: Request, token: string) {
  const given = yield* Parameters.read(request)
  const [name, language, status, category] = [
    yield* Parameters.text(given, "name"),
    yield* Parameters.text(given, "language"),
    yield* Parameters.text(given, "status"),
    yield* Parameters.text(given, "category")
  ]
  const all = world.templates.all()
  const found = all.filter(
    (one) =>
      // Meta takes the name for a part of it.
      (name === undefined || one.name.includes(name)) &&
      (language === undefined || one.language === language) &&
      (status === undefined || one.status === status.toUpperCase()) &&
      (category === undefined || one.category === category.toUpperCase())
  )
  const asked = yield* Fields.wanted(given)
  const page = yield* Paging.page(world, request, token, given, found, world.options.templateStanding?.pages)
  const data = yield* Effect.forEach(page.items, (one) => describe(one, asked))
  const summary = yield* summaryOf(given, {
    total_count: found.length,
    message_template_count: all.length,
    message_template_limit: limitOf(world),
    are_translations_complete: true
  })
  return answer(200, Paging.listed(page, data, summary === undefined ? {} : { summary }))
})

const summaryOf = Effect.fnUntraced(function* (
  given: Parameters.Parameters,
  all: { readonly [field: string]: Schema.Json }
): Effect.fn.Return<JsonFields | undefined, Refused> {
  const wanted = yield* Parameters.words(given, "summary")
  if (wanted === undefined) return undefined
  return Object.fromEntries(Object.entries(all).filter(([field]) => wanted.includes(field)))
})

const limitOf = (world: World): number => world.options.account?.templateLimit ?? 6000

const create = Effect.fnUntraced(function* (world: World, given: Parameters.Parameters) {
  const name = yield* Rules.name(given)
  const language = yield* Rules.language(given)
  const category = yield* Rules.category(given)
  const isNamed = yield* Rules.isNamed(given)
  const settings = yield* Rules.settings(given)
  const components = yield* Rules.components(given, contextOf(world, category, isNamed))
  if (world.templates.find(name, language) !== undefined) {
    const details = `There is already ${language} content for this template. You can create a new template and try again.`
    return yield* refusedChange(2388024, "Content in this language already exists", details)
  }
  if (world.templates.wasDeleted(name, language)) {
    const details = `New ${language} content can't be added while the existing ${language} content is being deleted. Try again in 4 weeks or use another name.`
    return yield* refusedChange(2388023, "Message template language is being deleted", details)
  }
  if (world.templates.all().length >= limitOf(world)) {
    const details = `The account has ${limitOf(world)} templates already.`
    return yield* refusedChange(2388019, "Message template limit exceeded", details)
  }
  const { id, status } = world.templates.add({
    name,
    language,
    category,
    status: reviewed(world),
    components: stored(category, components),
    isNamed,
    more: settings
  })
  return answer(200, { id, status, category })
})

/** What a deletion is of. */
const chosen = Effect.fnUntraced(function* (
  world: World,
  given: Parameters.Parameters
): Effect.fn.Return<ReadonlyArray<Template>, Refused> {
  const name = yield* Parameters.text(given, "name")
  const id = yield* Parameters.text(given, "hsm_id")
  const ids = yield* Parameters.words(given, "hsm_ids")
  if (ids !== undefined) {
    if (name !== undefined || id !== undefined)
      return yield* invalid("Param hsm_ids goes with neither name nor hsm_id.")
    if (ids.length === 0 || ids.length > 100) return yield* invalid("Param hsm_ids must have 1 to 100 ids.")
    return yield* Effect.forEach(Array.from(new Set(ids)), (one) => found(world.templates.get(one)))
  }
  if (name === undefined || name === "") return yield* invalid("The parameter name is required.")
  const named = world.templates.all().filter((one) => one.name === name)
  if (id === undefined) return named.length === 0 ? [yield* found(undefined)] : named
  return [yield* found(named.find((one) => one.id === id))]
})

const found = (template: Template | undefined): Effect.Effect<Template, Refused> =>
  template === undefined
    ? Effect.fail(refusedChange(2593002, "Message template not found", "There is no template with this name."))
    : Effect.succeed(template)
