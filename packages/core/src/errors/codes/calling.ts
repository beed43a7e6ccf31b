/** Codes of calls and of the permission to call. Page: "Error codes" of the Calling API. */
import { after, ambiguous, backoff, never } from "../Verdict.ts"
import { answer, type GraphCodes, health, status } from "./row.ts"

export const codes: GraphCodes = {
  138000: answer("AccountNotReady", never, "Switch calling on for the number."),
  138001: answer("Undeliverable", never, "This person cannot be called: write to them."),
  138002: answer("RateLimited", backoff, "As many as 1000 calls are running: wait until some have ended."),
  138003: answer("CallNotAllowed", never, "A call with this person is running: wait until it ends."),
  138004: answer(
    "CallFailed",
    ambiguous,
    "The connection failed: see whether a call came about, then offer a new SDP."
  ),
  138005: answer("RateLimited", after("1 minute"), "Calls are made too often: slow down."),
  138006: answer("CallNotAllowed", never, "Ask the person for the permission to call."),
  138007: answer("CallFailed", ambiguous, "The SDP was not applied in time: see whether a call came about."),
  // A day is no wait for a program: what is queued behind it would stand still.
  138009: answer("CallNotAllowed", never, "Wait a day: the permission to call is asked for once in 24 hours."),
  138011: answer("CallNotAllowed", never, "Exchange messages with the person before you ask for the permission."),
  138012: answer("CallNotAllowed", never, "Wait for the time in the details: the calls of the day are used up."),
  138013: answer("AccountNotReady", never, "Calls by businesses are not available here: write instead."),
  138014: answer("AccountRestricted", never, "Calling is paused for low quality: wait about seven days."),
  138015: answer("AccountNotReady", never, "Calling needs a messaging limit of 2000: reach it first."),
  138017: answer("InvalidParameter", never, "The permission is permanent already: call."),
  138018: answer("AccountNotReady", never, "Set up SIP, or subscribe the app to the field `calls`."),
  138019: status("CallFailed", backoff, "The call could not be set up: try once more."),
  138020: status("CallFailed", backoff, "The relay of the call failed: try once more."),
  138021: status("CallFailed", backoff, "No sound came from the person: try once more."),
  138022: status("CallFailed", backoff, "No sound came from you: check your media, and try once more."),
  138023: status("CallFailed", backoff, "The call was accepted and stayed silent: try once more."),
  138024: health("AccountNotReady", never, "Switch SIP on."),
  138025: health("AccountNotReady", never, "Configure SIP.")
}
