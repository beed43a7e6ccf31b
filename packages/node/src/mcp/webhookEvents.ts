/** `whatsapp_webhook_events`: which events the project handles, and which come to nobody. */
import { MessageEvent, WhatsAppEvent } from "@effect-whatsapp/core/events"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as McpServer from "effect/ai/McpServer"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import { type FoundListeners, findListeners, FoundListeners as Found } from "../project/listeners.ts"
import { eventsOf, page } from "./eventReference.ts"
import { Guides } from "./Guides.ts"
import { looksHere } from "./internal/hints.ts"
import { ToolError } from "./internal/ToolError.ts"
import { Workplace } from "./Workplace.ts"

/** Messages that nobody waits for an answer to: what became of another message, or of a person's ids. */
const inform: ReadonlySet<string> = new Set([
  "ReactionReceived",
  "MessageEdited",
  "MessageRevoked",
  "UserIdChanged",
  "UserIdentityChanged",
  "UserNumberChanged"
])

/** Events behind which a person waits for an answer. */
const asking: ReadonlySet<string> = new Set(MessageEvent.discriminants.filter((tag) => !inform.has(tag)))

const Missing = Schema.Struct({
  tag: Schema.String,
  meaning: Schema.String,
  fields: Schema.Array(Schema.String)
})

const Success = Schema.Struct({
  ...Found.fields,
  /** Written in a listener, and no event of this version: such a listener is never called for it. */
  unknownTags: Schema.Array(Schema.String),
  /** A person wrote or pressed something, and gets no answer. */
  unanswered: Schema.Array(Missing),
  /** No listener, and nobody waits: fine, unless the bot needs to know. */
  unneeded: Schema.Array(Missing),
  /** Whether an event said to have no listener may have one that could not be read. */
  isUncertain: Schema.Boolean
})

const tool = Tool.make("whatsapp_webhook_events", {
  description:
    "The listeners found in the sources of the project (name, events, file and line), and the events that have none: those where a person gets no answer apart from those that nobody waits for. What only a running program knows is said to be unresolved.",
  success: Success,
  failure: ToolError
})
  .annotateMerge(looksHere)
  .annotate(Tool.Title, "WhatsApp listeners of the project")

const toolkit = Toolkit.make(tool)

const tags = Object.keys(WhatsAppEvent.cases)

const isUncertain = ({ hidden, isCutShort, listeners, problems }: FoundListeners): boolean =>
  isCutShort || [hidden, problems, listeners.flatMap(({ unresolved }) => unresolved)].some(({ length }) => length > 0)

export const layer = McpServer.toolkit(toolkit).pipe(
  Layer.provide(
    toolkit.toLayer(
      Effect.gen(function* () {
        const { folder } = yield* Workplace
        const services = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
        const reference = new Map(eventsOf((yield* Guides).text(page)).map((entry) => [entry.tag, entry]))
        const describe = (tag: string) => {
          const { fields = [], meaning = "" } = reference.get(tag) ?? {}
          return { tag, meaning, fields }
        }
        return {
          whatsapp_webhook_events: Effect.fnUntraced(function* () {
            const found = yield* findListeners(folder).pipe(
              Effect.provide(services),
              Effect.mapError(() => new ToolError({ message: "The folder of the project cannot be read" }))
            )
            const wanted = new Set(found.listeners.flatMap((listener) => listener.tags))
            const left = found.listeners.some(({ wantsAll }) => wantsAll) ? [] : tags.filter((tag) => !wanted.has(tag))
            return {
              ...found,
              unknownTags: [...wanted].filter((tag) => !tags.includes(tag)),
              unanswered: left.filter((tag) => asking.has(tag)).map(describe),
              unneeded: left.filter((tag) => !asking.has(tag)).map(describe),
              isUncertain: isUncertain(found)
            }
          })
        }
      })
    )
  )
)
