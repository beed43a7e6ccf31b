/** How far a message came. Statuses arrive in any order and may be skipped: a `Read` can come without `Delivered`. */
import * as Schema from "effect/Schema"

/** Schema for the status of a message that was sent; `Unknown` is one that Meta has added since, see the event's `raw`. */
export const DeliveryStatus = Schema.Literals(["Sent", "Delivered", "Read", "Played", "Failed", "Unknown"])
export type DeliveryStatus = typeof DeliveryStatus.Type

const rank: { readonly [S in DeliveryStatus]?: number } = { Sent: 1, Delivered: 2, Read: 3, Played: 4 }

/**
 * Whether `status` says less than what is known already. `Failed` is news until the message was delivered; an
 * `Unknown` status is never stale.
 */
export const isStale = (status: DeliveryStatus, highest: DeliveryStatus | undefined): boolean => {
  const known = highest === undefined ? 0 : (rank[highest] ?? 0)
  return status === "Failed" ? known >= 2 : (rank[status] ?? Infinity) < known
}

/** The status that tells most about a message, of two. */
export const highest = (one: DeliveryStatus | undefined, other: DeliveryStatus): DeliveryStatus | undefined => {
  const known = one === undefined ? 0 : (rank[one] ?? 0)
  return (rank[other] ?? 0) > known ? other : one
}
