/** Messages with something to press. */
import * as Schema from "effect/Schema"
import * as Media from "./media.ts"
import { OrderDetails, OrderStatus } from "./order.ts"
import {
  atMost,
  isDistinct,
  OneOf,
  optional,
  Product,
  ProductSections,
  Several,
  Some,
  Text,
  UrlAction,
  upTo,
  Whole
} from "./words.ts"

const TextHeader = Schema.Struct({ type: Schema.Literal("text"), text: upTo(60), sub_text: optional(atMost(60)) })
const ImageHeader = Schema.Struct({ type: Schema.Literal("image"), image: Media.File })
const VideoHeader = Schema.Struct({ type: Schema.Literal("video"), video: Media.File })
const DocumentHeader = Schema.Struct({ type: Schema.Literal("document"), document: Media.DocumentFile })
export type Header =
  | typeof TextHeader.Type
  | typeof ImageHeader.Type
  | typeof VideoHeader.Type
  | typeof DocumentHeader.Type

const anyHeader = { header: optional(Schema.Union([TextHeader, ImageHeader, VideoHeader, DocumentHeader])) }
const textHeader = { header: optional(TextHeader) }
const body = { body: Schema.Struct({ text: upTo(1024) }) }
const bodyOrNot = { body: optional(body.body) }
const footer = { footer: optional(Schema.Struct({ text: upTo(60) })) }

const kind = <T extends string, F extends Schema.Struct.Fields>(type: T, fields: F) =>
  Schema.Struct({ type: Schema.Literal(type), ...fields })

/** `{ name, parameters }`. */
const named = <T extends string, F extends Schema.Struct.Fields>(name: T, fields: F) => ({
  action: Schema.Struct({ name: Schema.Literal(name), ...fields })
})

const ButtonId = upTo(256).check(
  Schema.makeFilter((id: string) => !/^ | $/.test(id), { expected: "without spaces at its ends" })
)
const reply = Schema.Struct({ id: ButtonId, title: upTo(20) })
interface Reply {
  readonly id: string
  readonly title: string
}
const isDistinctReplies = (replies: ReadonlyArray<Reply>): boolean =>
  isDistinct(replies.map((one) => one.id)) && isDistinct(replies.map((one) => one.title))
const different = "buttons whose ids differ, and whose titles differ"

const Buttons = Several(Schema.Struct({ type: Schema.Literal("reply"), reply }), 1, 3, "buttons").check(
  Schema.makeFilter(
    (buttons: ReadonlyArray<{ readonly reply: Reply }>) => isDistinctReplies(buttons.map((one) => one.reply)),
    { expected: different }
  )
)

const Row = Schema.Struct({ id: upTo(200), title: upTo(24), description: optional(atMost(72)) })
interface Section {
  readonly title?: string
  readonly rows: ReadonlyArray<{ readonly id: string }>
}
const Sections = Several(
  Schema.Struct({ title: optional(upTo(24)), rows: Several(Row, 1, 10, "rows") }),
  1,
  10,
  "sections"
).check(
  Schema.makeFilter((sections: ReadonlyArray<Section>) => sections.flatMap((one) => one.rows).length <= 10, {
    expected: "sections with at most 10 rows in total"
  }),
  Schema.makeFilter(
    (sections: ReadonlyArray<Section>) => isDistinct(sections.flatMap((one) => one.rows.map((row) => row.id))),
    {
      expected: "sections whose rows have different ids"
    }
  ),
  Schema.makeFilter(
    (sections: ReadonlyArray<Section>) => sections.length === 1 || sections.every((one) => one.title !== undefined),
    { expected: "sections with a title each, as there is more than one" }
  )
)

const isNotEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0
const parsed = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.JsonObject))

/** An object in most of Meta's documents, and the text of one in the newest. */
const FlowData = Schema.Union([Schema.JsonObject, Text]).check(
  Schema.makeFilter(
    (data: unknown) => {
      if (typeof data !== "string") return isNotEmpty(data)
      const option = parsed(data)
      return option._tag === "Some" && isNotEmpty(option.value)
    },
    { expected: "an object that is not empty" }
  )
)

const FlowParameters = Schema.Struct({
  flow_message_version: Schema.Literal("3"),
  flow_id: optional(Some),
  flow_name: optional(Some),
  flow_cta: upTo(30),
  flow_token: optional(Text),
  mode: optional(OneOf("draft", "published")),
  flow_action: optional(OneOf("navigate", "data_exchange")),
  flow_action_payload: optional(Schema.Struct({ screen: optional(Some), data: optional(FlowData) }))
}).check(
  Schema.makeFilter(
    (flow: { readonly flow_id?: string; readonly flow_name?: string }) =>
      (flow.flow_id === undefined) !== (flow.flow_name === undefined),
    { expected: "given either flow_id or flow_name" }
  ),
  Schema.makeFilter(
    (flow: { readonly flow_action?: string; readonly flow_action_payload?: unknown }) =>
      flow.flow_action !== "data_exchange" || flow.flow_action_payload === undefined,
    { expected: "without flow_action_payload, as flow_action is data_exchange" }
  )
)

const address = {
  name: optional(Text),
  phone_number: optional(Text),
  in_pin_code: optional(atMost(6)),
  house_number: optional(Text),
  floor_number: optional(Text),
  tower_number: optional(Text),
  building_name: optional(Text),
  address: optional(Text),
  landmark_area: optional(Text),
  city: optional(Text),
  state: optional(Text)
}
const AddressParameters = Schema.Struct({
  country: Some,
  values: optional(Schema.Struct(address)),
  saved_addresses: optional(Schema.Array(Schema.Struct({ id: Some, value: Schema.Struct(address) }))),
  validation_errors: optional(Schema.Struct({ ...address, in_pin_code: optional(Text) }))
})

const VoiceCall = Schema.Struct({
  display_text: optional(upTo(20)),
  ttl_minutes: optional(Whole(1, 43_200)),
  payload: optional(atMost(512))
})

const cardIndex = { card_index: Whole(0, 9) }
const mediaCard = {
  ...cardIndex,
  header: Schema.Union([ImageHeader, VideoHeader]),
  body: optional(
    Schema.Struct({
      text: upTo(160).check(
        Schema.makeFilter((text: string) => text.split("\n").length <= 3, { expected: "at most 2 line breaks" })
      )
    })
  )
}
/** Peers build cards with these; Meta's page, as it is known here, has only the URL, so that their type is a guess. */
const QuickReplies = Several(
  Schema.Union([
    Schema.Struct({ type: Schema.Literal("reply"), reply }),
    Schema.Struct({ type: Schema.Literal("quick_reply"), quick_reply: reply })
  ]),
  1,
  3,
  "buttons"
)
const Card = Schema.Union([
  kind("cta_url", { ...mediaCard, action: UrlAction }),
  Schema.Struct({
    type: OneOf("button", "quick_reply", "cta_url"),
    ...mediaCard,
    action: Schema.Struct({ buttons: QuickReplies })
  }),
  kind("product", { ...cardIndex, action: Product })
])
type Card = typeof Card.Type
const Cards = Several(Card, 2, 10, "cards").check(
  Schema.makeFilter((cards: ReadonlyArray<Card>) => isDistinct(cards.map((one) => one.card_index)), {
    expected: "cards with different card_index"
  }),
  Schema.makeFilter((cards: ReadonlyArray<Card>) => new Set(cards.map(sortOf)).size === 1, {
    expected: "cards of one type, with one kind of header, or of one catalog"
  })
)
const sortOf = (card: Card): string =>
  card.type === "product" ? `product ${card.action.catalog_id}` : `${card.type} ${card.header.type}`

export const Interactive = Schema.Union([
  kind("button", { ...anyHeader, ...body, ...footer, action: Schema.Struct({ buttons: Buttons }) }),
  kind("list", {
    ...textHeader,
    body: Schema.Struct({ text: upTo(4096) }),
    ...footer,
    action: Schema.Struct({ button: upTo(20), sections: Sections })
  }),
  kind("cta_url", { ...anyHeader, ...body, ...footer, action: UrlAction }),
  kind("flow", { ...anyHeader, ...body, ...footer, ...named("flow", { parameters: FlowParameters }) }),
  kind("product", { ...bodyOrNot, ...footer, action: Product }),
  kind("product_list", {
    header: TextHeader,
    ...body,
    ...footer,
    action: Schema.Struct({ catalog_id: Some, sections: ProductSections })
  }),
  kind("catalog_message", {
    ...body,
    ...footer,
    ...named("catalog_message", {
      parameters: optional(Schema.Struct({ thumbnail_product_retailer_id: optional(Some) }))
    })
  }),
  kind("location_request_message", { ...body, ...named("send_location", {}) }),
  kind("address_message", {
    ...anyHeader,
    ...body,
    ...footer,
    ...named("address_message", { parameters: AddressParameters })
  }),
  kind("request_contact_info", { ...body, ...named("request_contact_info", {}) }),
  kind("call_permission_request", { ...bodyOrNot, ...named("call_permission_request", {}) }),
  kind("voice_call", { ...body, ...named("voice_call", { parameters: optional(VoiceCall) }) }),
  kind("carousel", { ...body, action: Schema.Struct({ cards: Cards }) }),
  kind("order_details", {
    header: optional(Schema.Union([TextHeader, ImageHeader])),
    ...body,
    ...footer,
    ...named("review_and_pay", { parameters: OrderDetails })
  }),
  kind("order_status", { ...body, ...footer, ...named("review_order", { parameters: OrderStatus }) })
])
export type Interactive = typeof Interactive.Type
