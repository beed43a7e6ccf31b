/** The templates of the account: read, made, changed, deleted. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { TemplateId } from "../../../domain/Ids.ts"
import type { WhatsAppError } from "../../../errors/WhatsAppError.ts"
import { present } from "../../../internal/present.ts"
import * as Scalars from "../../../wire/scalars.ts"
import type { CreatedTemplate, DeletedTemplate, TemplateFilter } from "../../Account.ts"
import type { WhatsAppAccount } from "../../WhatsAppAccount.ts"
import { type Ask, decodeDone, fields } from "./ask.ts"
import * as Nodes from "./nodes.ts"
import { pagesOf } from "./pages.ts"

const Created = Schema.Struct({ id: Scalars.ownId(TemplateId), status: fields.text, category: fields.text })
const decodeCreated = SchemaParser.decodeUnknownResult(Created)

const readCreated = ({ category, id, status }: typeof Created.Type): CreatedTemplate => ({
  id,
  ...present({ category, status })
})

export const make = ({
  account,
  ask,
  id,
  url
}: Ask): Pick<
  WhatsAppAccount["Service"],
  "templates" | "template" | "createTemplate" | "editTemplate" | "deleteTemplate"
> => {
  const list = (method: string) => Effect.map(account(method), (node) => url(node, "message_templates"))

  return {
    templates: (filter?: TemplateFilter) =>
      pagesOf(
        ask,
        "templates",
        Effect.map(list("templates"), (from) => ({
          request: HttpClientRequest.setUrlParams(HttpClientRequest.get(from), {
            fields: Nodes.templateFields,
            ...present(filter ?? {})
          }),
          decode: Nodes.decodeTemplate
        }))
        // Meta's filter also finds names that the name is a part of.
      ).pipe(Stream.filter(({ name }) => filter?.name === undefined || name === filter.name)),
    template: (template: string) =>
      Effect.flatMap(id("template", "id", template), (node) =>
        ask({
          method: "template",
          request: HttpClientRequest.setUrlParam(HttpClientRequest.get(url(node)), "fields", Nodes.templateFields),
          decode: Nodes.decodeTemplate
        })
      ),
    createTemplate: (node: Schema.JsonObject) =>
      Effect.flatMap(list("createTemplate"), (to) =>
        ask({
          method: "createTemplate",
          request: HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(to), node),
          decode: (json) => Result.map(decodeCreated(json), readCreated)
        })
      ),
    editTemplate: Effect.fnUntraced(function* (
      template: string,
      changes: Schema.JsonObject
    ): Effect.fn.Return<void, WhatsAppError> {
      const node = yield* id("editTemplate", "id", template)
      yield* ask({
        method: "editTemplate",
        request: HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(url(node)), changes),
        decode: decodeDone
      })
    }),
    deleteTemplate: ({ id: template, name }: DeletedTemplate) =>
      Effect.asVoid(
        Effect.flatMap(list("deleteTemplate"), (from) =>
          ask({
            method: "deleteTemplate",
            request: HttpClientRequest.setUrlParams(
              HttpClientRequest.delete(from),
              template === undefined ? { name } : { name, hsm_id: template }
            ),
            decode: decodeDone
          })
        )
      )
  }
}
