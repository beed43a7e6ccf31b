/** Codes of the Graph API itself, which every app of Meta's may get. Page: "Handling errors" of the Graph API. */
import { after, ambiguous, backoff, never } from "../Verdict.ts"
import { answer, type GraphCode, type GraphCodes } from "./row.ts"

/** An allowance of calls within a rolling hour is used up. */
const throttled = (advice: string): GraphCode => ({
  ...answer("RateLimited", after("1 minute"), advice),
  isHinted: true
})

/** What 200 to 299 have in common: each is a permission. */
export const permission = answer(
  "PermissionDenied",
  never,
  "Grant the app the permission it lacks, or have it reviewed."
)

export const codes: GraphCodes = {
  0: answer("AuthenticationFailed", never, "Make a new access token: this one has expired or was revoked."),
  1: answer("ServerError", ambiguous, "Look for a status before you send again; if none comes, check the request."),
  2: answer("ServerError", ambiguous, "Meta is down or overloaded: look for a status before you send again."),
  3: answer("PermissionDenied", never, "Give the app the capability that it lacks."),
  4: throttled("The app calls too often: slow down."),
  10: answer("PermissionDenied", never, "Grant the permission, or give the token's user access to the account."),
  17: throttled("The token's user calls too often: slow down."),
  33: answer("InvalidParameter", never, "The business number was deleted: use another phone number id."),
  100: answer("InvalidParameter", never, "Correct the parameter that the details name."),
  102: answer("AuthenticationFailed", never, "Make a new access token: the session is invalid."),
  104: answer("AuthenticationFailed", never, "Send an access token."),
  190: answer("AuthenticationFailed", never, "Make a new access token: this one has expired or is invalid."),
  192: answer("InvalidParameter", never, "Correct the phone number."),
  200: permission,
  341: answer("RateLimited", backoff, "A general limit is reached: slow down."),
  368: answer("AccountRestricted", never, "Meta blocks the account for a policy violation: see Business Support."),
  613: answer("RateLimited", after("1 minute"), "A call limit is reached: slow down."),
  803: answer("InvalidParameter", never, "No such object: check the id."),
  80007: throttled("The business account calls too often: slow down."),
  80008: throttled("The business account calls too often: slow down.")
}

const limitReached = throttled("The allowance of calls is used up: slow down.")
const noAccess = answer("PermissionDenied", never, "Give the app access to this account.")
const trouble = answer("ServerError", ambiguous, "Meta is in trouble: look for a status before you send again.")

/** What a code and subcode together mean, where that differs from the code alone. */
export const subcodes: { readonly [codeAndSubcode: `${number}/${number}`]: GraphCode } = {
  "2/1349174": trouble,
  "2/1675030": trouble,
  "4/2390008": answer("RateLimited", backoff, "Call permissions are asked for too often: slow down."),
  "4/2446079": limitReached,
  "4/2446080": answer("RateLimited", never, "Too much was created: stop for some hours."),
  "17/2446079": limitReached,
  "80007/2446079": limitReached,
  "100/33": answer("PermissionDenied", never, "The id is unknown, or the token may not use it: check both."),
  "190/460": answer("AuthenticationFailed", never, "Make a new access token: its user's password was changed."),
  "190/463": answer("AuthenticationFailed", never, "Make a new access token: this one has expired."),
  "190/467": answer("AuthenticationFailed", never, "Make a new access token: this one was invalidated."),
  "200/1349174": noAccess,
  "200/1349175": noAccess,
  "200/1349176": noAccess
}
