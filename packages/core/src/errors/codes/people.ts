/** Codes of groups and of the list of blocked people. */
import { after, ambiguous, never } from "../Verdict.ts"
import { answer, type GraphCodes } from "./row.ts"

const groups: GraphCodes = {
  131020: answer("GroupUnavailable", never, "The group has no other member: invite some."),
  131041: answer("GroupUnavailable", never, "The group is unknown, or the number is no member of it: check its id."),
  131201: answer("PartlyDone", never, "Look at each participant for what was done and what was not."),
  131202: answer("InvalidParameter", never, "Name each participant once."),
  131203: answer("Undeliverable", never, "This person has to accept WhatsApp's terms first."),
  131204: answer("InvalidParameter", never, "Name fewer participants."),
  131207: answer("GroupUnavailable", never, "Meta suspended the group: use another."),
  131208: answer("RateLimited", after("1 minute"), "Groups are changed too often: slow down."),
  131209: answer("MediaFailed", never, "Use a square picture."),
  131210: answer("MediaFailed", never, "Use a picture of at least 192 by 192 pixels."),
  131211: answer("LimitReached", never, "The number has as many groups as it may: delete some."),
  131212: answer("InvalidParameter", never, "This person is no participant of the group: check the list."),
  131213: answer("InvalidParameter", never, "There is no such request to join: read the list again."),
  131214: answer("AccountRestricted", never, "Too much marketing was sent: no group can be made for seven days."),
  131215: answer("AccountNotReady", never, "The number is not eligible for groups: use another.")
}

const blocked: GraphCodes = {
  135002: answer("InvalidParameter", never, "The list changed meanwhile: start from the first page."),
  139100: answer("PartlyDone", never, "Some people were not blocked or unblocked: try again with these alone."),
  139101: answer("LimitReached", never, "As many as 64,000 people are blocked: unblock some."),
  139102: answer("InvalidParameter", never, "The list changed meanwhile: start from the first page."),
  139103: answer("ServerError", ambiguous, "Something failed at Meta: read the list before you try again.")
}

export const codes: GraphCodes = { ...groups, ...blocked }
