/** Codes of usernames and of the links by which people sign up. */
import { never } from "../Verdict.ts"
import { answer, type GraphCodes } from "./row.ts"

export const codes: GraphCodes = {
  147001: answer("UsernameRefused", never, "The username is taken or not allowed: choose another."),
  147002: answer("AccountNotReady", never, "A username needs a higher messaging limit: reach it first."),
  147003: answer("AccountNotReady", never, "Link the Facebook Page first."),
  147004: answer("AccountNotReady", never, "Link the Instagram account first."),
  147005: answer(
    "UsernameRefused",
    never,
    "Another number of yours has it: ask with `transfer_action: force_transfer`."
  ),
  2494164: answer("InvalidParameter", never, "There is no such sign-up: check its id."),
  2494165: answer("AccountNotReady", never, "Sign-up is not available to this account."),
  2494166: answer("InvalidParameter", never, "Use only placeholders that Meta knows."),
  2494167: answer("InvalidParameter", never, "Add the promotion code."),
  2494168: answer("AccountNotReady", never, "Accept the terms of sign-up."),
  2494176: answer("InvalidParameter", never, "The terms are accepted already: leave `policy` out."),
  2494177: answer("InvalidParameter", never, "Correct the URL of the terms."),
  2494179: answer("InvalidParameter", never, "Use an address of the website that begins with https.")
}
