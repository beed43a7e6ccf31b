/** Templates: what is approved at Meta, with its values. */
export {
  Button,
  CopyCode,
  copyCode,
  Flow,
  flow,
  type FlowOptions,
  QuickReply,
  quickReply,
  Url,
  url,
  VoiceCall,
  voiceCall,
  type VoiceCallOptions
} from "./Button.ts"
export { Body, Card, Carousel, Component, Footer, Header } from "./Component.ts"
export { define, type DefinedOptions, type Definition, type Values } from "./Definition.ts"
export { ButtonDescription, CardDescription, Description, HeaderDescription } from "./Description.ts"
export { DescriptionFromNode } from "./Node.ts"
export {
  type Instant,
  LimitedTimeOffer,
  limitedTimeOffer,
  TapTarget,
  tapTarget,
  type TapTargetOptions
} from "./Offer.ts"
export { Place } from "../Location.ts"
export { OrderDetails, OrderStatus, orderStatus, type OrderStatusOptions } from "./Order.ts"
export {
  BodyParameter,
  Currency,
  currency,
  DateTime,
  dateTime,
  Document,
  document,
  Gif,
  gif,
  GroupInvite,
  groupInvite,
  HeaderParameter,
  Image,
  image,
  Location,
  location,
  Product,
  product,
  type ProductOptions,
  Text,
  text,
  Video,
  video
} from "./Parameter.ts"
export {
  Catalog,
  catalog,
  type CatalogOptions,
  MultiProduct,
  multiProduct,
  type MultiProductOptions,
  orderDetails,
  Payment
} from "./ShopButton.ts"
export {
  type Input,
  make,
  type OneTimePassword,
  oneTimePassword,
  type Parts,
  Template,
  template,
  TemplateMessage
} from "./Template.ts"
