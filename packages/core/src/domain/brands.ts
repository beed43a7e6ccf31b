/**
 * Texts as ids, without a look at them: every text is one. For what is done with each item of a delivery, where the `make`
 * of a schema costs more than reading the item.
 */
import * as Brand from "effect/Brand"
import type { BusinessAccountId, BusinessScopedUserId, ConversationId, GroupId, PhoneNumberId, WaId } from "./Ids.ts"

export const asBusinessAccountId = Brand.nominal<BusinessAccountId>()
export const asBusinessScopedUserId = Brand.nominal<BusinessScopedUserId>()
export const asConversationId = Brand.nominal<ConversationId>()
export const asGroupId = Brand.nominal<GroupId>()
export const asPhoneNumberId = Brand.nominal<PhoneNumberId>()
export const asWaId = Brand.nominal<WaId>()
