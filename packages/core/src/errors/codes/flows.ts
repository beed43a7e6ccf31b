/** Codes of flows. */
import { never } from "../Verdict.ts"
import { answer, type GraphCodes } from "./row.ts"

export const codes: GraphCodes = {
  132068: answer("FlowUnavailable", never, "Correct the flow: it is blocked."),
  132069: answer("FlowUnavailable", never, "Correct the flow: it is throttled to ten messages an hour."),
  139000: answer("FlowUnavailable", never, "The flow is blocked for its integrity: see what Meta says about it."),
  139001: answer("ChangeRefused", never, "The flow cannot be changed: check its JSON, its state and its endpoint."),
  139002: answer("ChangeRefused", never, "The flow cannot be published: check its JSON, endpoint, key and number."),
  139003: answer("ChangeRefused", never, "The flow cannot be deprecated in its state: publish it first."),
  139004: answer("ChangeRefused", never, "The flow cannot be deleted in its state: deprecate it."),
  139006: answer("InvalidParameter", never, "There is too little data for these metrics: ask for a longer time.")
}
