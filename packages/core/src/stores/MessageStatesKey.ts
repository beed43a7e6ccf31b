/** What the stores of message states remember a status by. */
import { messageStateKey, type StatusUpdate } from "../events/StatusUpdate.ts"

export const keyOf = (of: Pick<StatusUpdate, "phoneNumberId" | "wamid" | "recipient">): string =>
  `${of.phoneNumberId}/${messageStateKey(of)}`
