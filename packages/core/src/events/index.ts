/** What happened: the only shapes an application has to know. */
export { decide, type Decision, fromDelivery, type Incoming, unreadable } from "./Incoming.ts"
export {
  AccountAlerted,
  AccountEvent,
  AccountRestriction,
  AccountReviewed,
  AccountUpdated,
  BusinessCapabilityChanged,
  BusinessUsernameChanged,
  InternationalRates,
  NumberSettingsChanged,
  PhoneNumberNameReviewed,
  PhoneNumberPinChanged,
  PhoneNumberQualityChanged,
  SharedAccount,
  VolumeTier
} from "./account.ts"
export {
  AutomaticEvent,
  AutomaticEventsDetected,
  BusinessEvent,
  FlowError,
  FlowUpdated,
  PartnerSolutionChanged,
  PaymentConfigurationChanged
} from "./business.ts"
export {
  CallConnected,
  CallCreated,
  CallEnded,
  CallEvent,
  CallRecordingAvailable,
  CallSession,
  CallStatusUpdate,
  CallTranscriptAvailable,
  CallUpdated
} from "./calls.ts"
export {
  CoexistenceEvent,
  ContactSynced,
  HistoryChunk,
  HistoryDeclined,
  HistoryMessageReceived,
  HistoryProgressed,
  HistoryStatus,
  MessageEchoed
} from "./coexistence.ts"
export { ContactCard, Content, EditedContent, ReceivedMedia, OrderItem } from "./content.ts"
export { ErrorReported } from "./ErrorReported.ts"
export {
  GroupCreated,
  GroupDeleted,
  GroupEvent,
  GroupJoinRequestRevoked,
  GroupJoinRequested,
  GroupParticipant,
  GroupParticipantsChanged,
  GroupPicture,
  GroupSetting,
  GroupSettingsChanged,
  GroupStatusChanged,
  GroupUpdated
} from "./groups.ts"
export { itemKeys } from "./itemKeys.ts"
export {
  AddressReceived,
  AudioReceived,
  ButtonPressed,
  CallPermissionAnswered,
  ContactsReceived,
  DocumentReceived,
  FlowCompleted,
  ImageReceived,
  ListItemSelected,
  LocationReceived,
  MessageEdited,
  MessageEvent,
  MessageRevoked,
  OrderReceived,
  PaymentMethodChosen,
  ReactionReceived,
  ReplyButtonPressed,
  StickerReceived,
  TextReceived,
  UnknownMessageReceived,
  UnsupportedReceived,
  UserIdChanged,
  UserIdentityChanged,
  UserNumberChanged,
  VideoReceived,
  WelcomeRequested
} from "./messages.ts"
export { metaFields } from "./metaFields.ts"
export { DeliveryUnreadable, Undecodable, UnknownFieldReceived } from "./openWorld.ts"
export { Amount, PaymentUpdate, Refund, Transaction } from "./PaymentUpdate.ts"
export { peopleOf, type Person } from "./peopleOf.ts"
export {
  LinkClick,
  PeopleEvent,
  UserActionReported,
  UserIdsChange,
  UserIdsChanged,
  UserPreferenceChanged
} from "./people.ts"
export {
  ConversationControlChanged,
  RoutingEvent,
  StandbyEchoed,
  StandbyMessageReceived,
  StandbyStatusUpdate
} from "./routing.ts"
export { Context, Referral } from "./shared.ts"
export { Conversation, Pricing, StatusUpdate } from "./StatusUpdate.ts"
export {
  TemplateButton,
  TemplateCategoryChanged,
  TemplateComponentsChanged,
  TemplateEvent,
  TemplateMiscategorized,
  TemplateQualityChanged,
  TemplateStatusChanged
} from "./templates.ts"
export { isMessageEvent, type Tag, type Tagged, WhatsAppEvent } from "./WhatsAppEvent.ts"
export { type Remains, withoutPerson } from "./withoutPerson.ts"
