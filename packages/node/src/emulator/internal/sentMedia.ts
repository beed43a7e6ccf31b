/** The uploaded files that a message names. */
import type { Header } from "./sendSchema/interactive.ts"
import type { Message } from "./sendSchema/message.ts"
import { allComponents, type Template } from "./sendSchema/template.ts"

/** What a file is used as. */
export type Use = "image" | "video" | "audio" | "document" | "sticker" | "gif"

export interface Named {
  readonly use: Use
  readonly id: string
}

/** In the order of the message; files that Meta fetches by link are not among them. */
export const namedIn = (message: Message): ReadonlyArray<Named> => {
  switch (message.type) {
    case "image":
      return named("image", message.image)
    case "video":
      return named("video", message.video)
    case "audio":
      return named("audio", message.audio)
    case "document":
      return named("document", message.document)
    case "sticker":
      return named("sticker", message.sticker)
    case "interactive": {
      const content = message.interactive
      if (content.type === "carousel") {
        return content.action.cards.flatMap((card) => (card.type === "product" ? [] : inHeader(card.header)))
      }
      return "header" in content && content.header !== undefined ? inHeader(content.header) : []
    }
    case "template":
      return inTemplate(message.template)
    default:
      return []
  }
}

const named = (use: Use, file: { readonly id?: string }): ReadonlyArray<Named> =>
  file.id === undefined ? [] : [{ use, id: file.id }]

const inHeader = (header: Header): ReadonlyArray<Named> => {
  switch (header.type) {
    case "text":
      return []
    case "image":
      return named("image", header.image)
    case "video":
      return named("video", header.video)
    case "document":
      return named("document", header.document)
  }
}

const inTemplate = (template: Template): ReadonlyArray<Named> =>
  allComponents(template)
    .flatMap((component) => (component.type === "header" ? (component.parameters ?? []) : []))
    .flatMap((parameter) => {
      switch (parameter.type) {
        case "image":
          return named("image", parameter.image)
        case "video":
          return named("video", parameter.video)
        case "gif":
          return named("gif", parameter.gif)
        case "document":
          return named("document", parameter.document)
        default:
          return []
      }
    })
