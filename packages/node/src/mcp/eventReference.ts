/**
 * `whatsapp_event_reference`: what each event means and how it looks. It reads the page of the guides that is generated
 * from the schemas and from Meta's examples and comes with the package: one table, in one place, of this very version.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as McpServer from "effect/ai/McpServer"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import { Guides } from "./Guides.ts"
import { looksHere } from "./internal/hints.ts"
import { ToolError } from "./internal/ToolError.ts"

const Member = Schema.Struct({ signature: Schema.String, meaning: Schema.optionalKey(Schema.String) })

const EventEntry = Schema.Struct({
  tag: Schema.String,
  /** The part of the page, as in `Messages`. */
  family: Schema.String,
  meaning: Schema.String,
  /** Meta's webhook fields in which it comes; empty for what concerns a whole delivery. */
  fields: Schema.Array(Schema.String)
})

const Whole = Schema.Struct({
  ...EventEntry.fields,
  /** Beside those that all events of the family have. */
  members: Schema.Array(Member),
  /** Encoded, as `effect-whatsapp listen --json` prints it. */
  example: Schema.optionalKey(Schema.Json)
})

export const page = "25_events.md"

const parseJson = SchemaParser.decodeUnknownResult(Schema.fromJsonString(Schema.Json))

const wholeOf = (family: string, section: string): typeof Whole.Type => {
  const [tag = "", ...rest] = section.split("\n")
  const text = rest.join("\n")
  const [before = "", after = ""] = text.split("<details>")
  const [, fields = ""] = /^Meta's fields?: (.+)$/m.exec(before) ?? []
  const members = Array.from(before.matchAll(/^- `([^`]+)`(?:: ([\s\S]*?))?(?=\n- |\n\n|$(?![\s\S]))/gm))
  const [, json = ""] = /```json\n([\s\S]*?)\n```/.exec(after) ?? []
  const example = parseJson(json)
  return {
    tag: tag.trim(),
    family,
    meaning: before.trim().split("\n\n")[0]?.replace(/\s+/g, " ") ?? "",
    fields: Array.from(fields.matchAll(/`([^`]+)`/g), ([, field = ""]) => field),
    members: members.map(([, signature = "", meaning]) => ({
      signature,
      ...(meaning === undefined ? {} : { meaning: meaning.trim().replace(/\s+/g, " ") })
    })),
    ...(example._tag === "Success" ? { example: example.success } : {})
  }
}

/** Every event of the page. */
export const eventsOf = (text: string): ReadonlyArray<typeof Whole.Type> =>
  text
    .split("\n## ")
    .slice(1)
    .flatMap((part) => {
      const [family = ""] = part.split("\n", 1)
      const [, generated = ""] = /<!-- generated: events: .+? -->\n([\s\S]*?)<!-- end -->/.exec(part) ?? []
      return generated
        .split("\n### ")
        .slice(1)
        .map((section) => wholeOf(family.trim(), section))
    })

const tool = Tool.make("whatsapp_event_reference", {
  description:
    "The events a listener can have: without a tag, all of them with their meaning and Meta's webhook field; with a tag, one of them with its members and an example as JSON.",
  parameters: Schema.Struct({
    tag: Schema.optionalKey(Schema.String.annotate({ description: "As in TextReceived" }))
  }),
  success: Schema.Struct({ events: Schema.Array(Schema.Union([Whole, EventEntry])), page: Schema.String }),
  failure: ToolError
})
  .annotateMerge(looksHere)
  .annotate(Tool.Title, "WhatsApp events")

const toolkit = Toolkit.make(tool)

export const layer = McpServer.toolkit(toolkit).pipe(
  Layer.provide(
    toolkit.toLayer(
      Effect.gen(function* () {
        const { text } = yield* Guides
        const events = eventsOf(text(page))
        const uri = `effect-whatsapp://docs/${page}`
        return {
          whatsapp_event_reference: ({ tag }) => {
            if (tag === undefined) {
              return Effect.succeed({
                events: events.map(({ family, fields, meaning, tag }) => ({ tag, family, meaning, fields })),
                page: uri
              })
            }
            const found = events.find((event) => event.tag.toLowerCase() === tag.toLowerCase())
            return found === undefined
              ? Effect.fail(
                  new ToolError({
                    message: `There is no event ${JSON.stringify(tag.slice(0, 100))}; without a tag this tool lists all of them`
                  })
                )
              : Effect.succeed({ events: [found], page: uri })
          }
        }
      })
    )
  )
)
