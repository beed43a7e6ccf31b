/** Codes of registering, verifying and moving numbers, and of their owners. */
import { after, ambiguous, never } from "../Verdict.ts"
import { answer, both, type GraphCodes, health, status } from "./row.ts"

const registration: GraphCodes = {
  131045: both("NumberNotReady", never, "Register the number again: its certificate is wrong."),
  133000: answer("NumberNotReady", never, "Deregister the number again."),
  133004: answer("ServerError", ambiguous, "The server is unavailable: look for a status before you send again."),
  133005: answer("PinRefused", never, "Use the right two-step PIN."),
  133006: answer("NumberNotReady", never, "Verify the number first."),
  133008: answer("PinRefused", never, "The PIN was guessed too often: wait as long as the details say."),
  133009: answer("PinRefused", never, "The PIN was guessed too fast: wait as long as the details say."),
  133010: answer("NumberNotReady", never, "Register the number."),
  133015: answer("NumberNotReady", after("5 minutes"), "The number was just deleted: wait five minutes."),
  133016: answer("RateLimited", never, "A number registers at most 10 times in 72 hours: wait that long."),
  141010: health("AccountNotReady", never, "Have the business verified."),
  2494100: answer("Upgrading", after("1 minute"), "The number is in maintenance: wait some minutes.")
}

const moving: GraphCodes = {
  2388001: answer("NumberNotReady", never, "Confirm that the number is yours, or switch its two-step PIN off first."),
  2388012: answer("InvalidParameter", never, "The number is in your account already: use it."),
  2388091: answer("NumberNotReady", never, "No code can be asked for: the number is not being moved."),
  2388093: answer("NumberNotReady", never, "No code can be verified: the number is not being moved."),
  2388103: answer("NumberNotReady", never, "The number cannot be moved: read what Meta says about it."),
  2593085: answer("InvalidParameter", never, "The ownership of this account cannot be moved: check the account's id."),
  2593107: answer("Rejected", never, "The history was synchronised already: it can be once."),
  2593108: answer("Rejected", never, "Synchronise within 24 hours: have the business sign up again."),
  2593109: status("Rejected", never, "The business does not share its history: go on without it.")
}

export const codes: GraphCodes = { ...registration, ...moving }
