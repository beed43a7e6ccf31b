/** What can be sent, and to whom. Each word is a namespace of constructors, and the type of what they make. */
/* oxlint-disable typescript/no-namespace -- a const carries no types, and `Template.Input` should be one */
import * as M from "./Message.ts"
import * as R from "./Recipient.ts"
import * as T from "./template/index.ts"

export { describe, type Limit, limits } from "./limits.ts"
export { Media } from "./Media.ts"
export { type MediaKind, mediaTypes, type MediaTypes } from "./mediaTypes.ts"

export const Message = M
export type Message = M.Message
export declare namespace Message {
  export type TextMessage = M.TextMessage
  export type ImageMessage = M.ImageMessage
  export type VideoMessage = M.VideoMessage
  export type AudioMessage = M.AudioMessage
  export type DocumentMessage = M.DocumentMessage
  export type StickerMessage = M.StickerMessage
  export type LocationMessage = M.LocationMessage
  export type ContactsMessage = M.ContactsMessage
  export type ReactionMessage = M.ReactionMessage
  export type PinMessage = M.PinMessage
  export type TemplateMessage = M.TemplateMessage
  export type Raw = M.Raw
  export type Options = M.Options
  export type TextOptions = M.TextOptions

  export type Interactive<I> = M.Interactive<I>
  export type InteractiveMessage = M.InteractiveMessage
  export type HeaderInput = M.HeaderInput
  export type ButtonsInput = M.ButtonsInput
  export type ReplyButton = M.ReplyButton
  export type ListInput = M.ListInput
  export type ListSection = M.ListSection
  export type ListRow = M.ListRow
  export type LinkInput = M.LinkInput
  export type FlowInput = M.FlowInput
  export type ProductInput = M.ProductInput
  export type ProductsInput = M.ProductsInput
  export type CatalogInput = M.CatalogInput
  export type RequestInput = M.RequestInput
  export type AddressInput = M.AddressInput
  export type CallRequestInput = M.CallRequestInput
  export type CallButtonInput = M.CallButtonInput
  export type CarouselInput = M.CarouselInput
  export type LinkCardInput = M.LinkCardInput
  export type ReplyCardInput = M.ReplyCardInput
  export type ProductCardInput = M.ProductCardInput
  export type OrderDetailsInput = M.OrderDetailsInput
  export type OrderItem = M.OrderItem
  export type OrderStatusInput = M.OrderStatusInput
  export type CaptionOptions = M.CaptionOptions
  export type DocumentOptions = M.DocumentOptions
  export type PinOptions = M.PinOptions
  export type SplitOptions = M.SplitOptions
  export type Place = M.Place
  export type ContactInput = M.ContactInput
  export type ContactName = M.ContactName
  export type ContactPhone = M.ContactPhone
  export type ContactAddress = M.ContactAddress
}

export const Recipient = R
export type Recipient = R.Recipient
export declare namespace Recipient {
  export type Phone = R.Phone
  export type User = R.User
  export type Group = R.Group
  export type Sender = R.Sender
}

export const Template = T
export type Template = T.Template
export declare namespace Template {
  export type Input = T.Input
  export type HeaderParameter = T.HeaderParameter
  export type BodyParameter = T.BodyParameter
  export type Button = T.Button
  export type Parts = T.Parts
  export type OneTimePassword = T.OneTimePassword
  export type DefinedOptions = T.DefinedOptions
  export type Description = T.Description
  export type Definition<D extends T.Description> = T.Definition<D>
  export type Values<D extends T.Description> = T.Values<D>
}
