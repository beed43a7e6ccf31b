/** A conversation is a business number and a person or group. Order is promised within one, and nowhere else. */
import { asConversationId } from "./brands.ts"
import type { ConversationId, GroupId, PhoneNumberId } from "./Ids.ts"
import { normalForm } from "./PhoneNumber.ts"
import type { WhatsAppUser } from "./WhatsAppUser.ts"

/**
 * The conversation of a sender: by group, else by BSUID, else by the phone number in its normal form. `otherwise` names
 * a conversation of its own for an item whose sender is wholly unknown.
 */
export const of = (
  phoneNumberId: PhoneNumberId,
  user: WhatsAppUser,
  groupId: GroupId | undefined,
  otherwise: string
): ConversationId => {
  const who = groupId ?? user.userId ?? (user.waId === undefined ? undefined : normalForm(user.waId)) ?? otherwise
  return asConversationId(`${phoneNumberId}/${who}`)
}
