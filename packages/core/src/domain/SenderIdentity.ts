/** Who is talking: the owner of the business, or a customer. `OwnerResolver` decides it before any listener runs. */
import * as Schema from "effect/Schema"
import { WhatsAppUser } from "./WhatsAppUser.ts"

/** The owner of the business. */
export const Owner = Schema.TaggedStruct("Owner", { user: WhatsAppUser })
export type Owner = typeof Owner.Type

/** Everybody else. */
export const Customer = Schema.TaggedStruct("Customer", { user: WhatsAppUser })
export type Customer = typeof Customer.Type

/** Schema for the sender of an event. */
export const SenderIdentity = Schema.Union([Owner, Customer]).pipe(Schema.toTaggedUnion("_tag"))
export type SenderIdentity = typeof SenderIdentity.Type
