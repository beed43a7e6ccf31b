/** What the person sees of a message, in one line. */
import type { Header, Interactive } from "./sendSchema/interactive.ts"
import type { Message } from "./sendSchema/message.ts"

/** A text is kept as it is; of anything else, line breaks become spaces. Templates are read elsewhere. */
export const describe = (message: Exclude<Message, { readonly type: "template" }>): string =>
  message.type === "text" ? message.text.body : words(lineOf(message)).replace(/\s+/g, " ").trim()

type Words = ReadonlyArray<string | undefined>

const words = (parts: Words): string => parts.filter((part) => part !== undefined && part !== "").join(" ")

const lineOf = (message: Exclude<Message, { readonly type: "template" | "text" }>): Words => {
  switch (message.type) {
    case "image":
    case "video": {
      const { caption } = message.type === "image" ? message.image : message.video
      return [`[${message.type}]`, caption]
    }
    case "audio":
      return [message.audio.voice === true ? "[voice message]" : "[audio]"]
    case "document": {
      const { caption, filename } = message.document
      return [filename === undefined ? "[document]" : `[document: ${filename}]`, caption]
    }
    case "sticker":
      return ["[sticker]"]
    case "location": {
      const { address, latitude, longitude, name } = message.location
      // Without a name, apps show no address.
      const place = name === undefined ? `${latitude}, ${longitude}` : [name, address].filter(Boolean).join(", ")
      return ["[location]", place]
    }
    case "contacts": {
      const names = message.contacts.map((one) => one.name.formatted_name)
      return [names.length === 1 ? "[contact]" : "[contacts]", names.join(", ")]
    }
    case "reaction":
      return message.reaction.emoji === "" ? ["[reaction removed]"] : ["[reaction]", message.reaction.emoji]
    case "pin":
      return [message.pin.type === "pin" ? `[pinned for ${message.pin.expiration_days} days]` : "[unpinned]"]
    case "interactive":
      return interactive(message.interactive)
  }
}

const button = (label: string): string => `[${label}]`

const headerOf = (header: Header | undefined): string | undefined => {
  if (header === undefined) return undefined
  return header.type === "text" ? header.text : `[${header.type}]`
}

const interactive = (content: Interactive): Words => [
  "header" in content ? headerOf(content.header) : undefined,
  content.body?.text,
  "footer" in content ? content.footer?.text : undefined,
  ...offers(content)
]

/** What can be pressed. */
const offers = (content: Interactive): Words => {
  switch (content.type) {
    case "button":
      return content.action.buttons.map((one) => button(one.reply.title))
    case "list":
      return [button(content.action.button)]
    case "cta_url":
      return [button(content.action.parameters.display_text)]
    case "flow":
      return [button(content.action.parameters.flow_cta)]
    case "product":
      return [button(`product ${content.action.product_retailer_id}`)]
    case "product_list": {
      const items = content.action.sections.flatMap((one) => one.product_items)
      return [button(items.length === 1 ? "1 product" : `${items.length} products`)]
    }
    case "catalog_message":
      return [button("View catalog")]
    case "location_request_message":
      return [button("Send location")]
    case "address_message":
      return [button("Provide address")]
    case "request_contact_info":
      return [button("Share contact info")]
    case "call_permission_request":
      return [button("Allow calls")]
    case "voice_call":
      return [button(content.action.parameters?.display_text ?? "Call Now")]
    case "carousel":
      return content.action.cards.flatMap(card)
    case "order_details": {
      const { currency, total_amount } = content.action.parameters
      return [button(`Pay ${currency} ${(total_amount.value / total_amount.offset).toFixed(2)}`)]
    }
    case "order_status": {
      const { description, status } = content.action.parameters.order
      return [button([status, description].filter(Boolean).join(": "))]
    }
  }
}

type Card = Extract<Interactive, { readonly type: "carousel" }>["action"]["cards"][number]

const card = (one: Card): Words => {
  if (one.type === "product") return [button(`product ${one.action.product_retailer_id}`)]
  const labels =
    "buttons" in one.action
      ? one.action.buttons.map((each) => (each.type === "reply" ? each.reply.title : each.quick_reply.title))
      : [one.action.parameters.display_text]
  return [headerOf(one.header), one.body?.text, ...labels.map(button)]
}
