/** Our words for people, numbers and ids. */
export * as ConversationIds from "./ConversationId.ts"
export { DeliveryStatus } from "./DeliveryStatus.ts"
export {
  BusinessAccountId,
  BusinessScopedUserId,
  CallId,
  ConversationId,
  DeliveryDigest,
  GroupId,
  MediaId,
  MessageId,
  PhoneNumberId,
  TemplateId,
  WaId
} from "./Ids.ts"
export { MetaError } from "./MetaError.ts"
export * as PhoneNumber from "./PhoneNumber.ts"
export { Customer, Owner, SenderIdentity } from "./SenderIdentity.ts"
export { WhatsAppUser } from "./WhatsAppUser.ts"
