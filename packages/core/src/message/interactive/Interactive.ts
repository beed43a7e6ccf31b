/** Interactive messages, of every kind: something to tap below a text, and what was tapped comes back as an event. */
import * as Schema from "effect/Schema"
import { quotes } from "../Quote.ts"
import { Buttons } from "./Buttons.ts"
import { CallButton, CallRequest } from "./Calls.ts"
import { Carousel } from "./Carousel.ts"
import { Flow } from "./Flow.ts"
import { Link } from "./Link.ts"
import { List } from "./List.ts"
import { OrderDetails, OrderStatus } from "./Orders.ts"
import { Catalog, Product, ProductList } from "./Products.ts"
import { AddressRequest, ContactRequest, LocationRequest } from "./Requests.ts"

export { buttons, type ButtonsInput, type ReplyButton } from "./Buttons.ts"
export { callButton, type CallButtonInput, requestCall, type CallRequestInput } from "./Calls.ts"
export {
  carousel,
  type CarouselInput,
  type LinkCardInput,
  type ProductCardInput,
  type ReplyCardInput
} from "./Carousel.ts"
export { flow, type FlowInput } from "./Flow.ts"
export { link, type LinkInput } from "./Link.ts"
export { list, type ListInput, type ListRow, type ListSection } from "./List.ts"
export { orderDetails, type OrderDetailsInput, type OrderItem, orderStatus, type OrderStatusInput } from "./Orders.ts"
export { type HeaderInput, type Interactive } from "./Parts.ts"
export { catalog, type CatalogInput, product, type ProductInput, products, type ProductsInput } from "./Products.ts"
export { type AddressInput, requestAddress, requestContact, type RequestInput, requestLocation } from "./Requests.ts"

/** The kinds, by `interactive.type`. */
const kinds = [
  Buttons,
  List,
  Link,
  Flow,
  Product,
  ProductList,
  Catalog,
  LocationRequest,
  ContactRequest,
  AddressRequest,
  CallRequest,
  CallButton,
  Carousel,
  OrderDetails,
  OrderStatus
] as const

/** Schema for an interactive message of any kind. No group takes one. */
export const InteractiveMessage = Schema.Struct({
  type: Schema.Literal("interactive"),
  interactive: Schema.Union(kinds).annotate({
    message: `Expected an interactive message that is modelled: ${kinds.map((kind) => kind.fields.type.literal).join(", ")}`
  }),
  ...quotes
})
export type InteractiveMessage = typeof InteractiveMessage.Type
