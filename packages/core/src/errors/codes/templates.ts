/** Codes of templates: when they are sent, and when they are made, changed or measured. */
import { after, never } from "../Verdict.ts"
import { answer, both, type GraphCodes, health } from "./row.ts"

const sent: GraphCodes = {
  131063: answer("TemplateNotAllowed", never, "Marketing is switched off here: use the Marketing Messages API."),
  132000: answer("TemplateParameterMismatch", never, "Send as many parameters as the template has."),
  132001: answer(
    "TemplateNotFound",
    never,
    "Check name and language code, which must match exactly, and the approval."
  ),
  132005: answer("TemplateParameterMismatch", never, "Shorten the parameters: the filled text is too long."),
  132007: answer("TemplateParameterMismatch", never, "A value breaks the content policy: change it."),
  132008: answer("TemplateParameterMismatch", never, "Correct the format of the value."),
  132012: answer("TemplateParameterMismatch", never, "Send the kinds of parameters that the template has."),
  132015: both("TemplatePaused", never, "Wait until Meta lifts the pause, and improve the template."),
  132016: answer("TemplateDisabled", never, "Make a new template with other content."),
  132018: answer("TemplateParameterMismatch", never, "Correct the parameters that the details name."),
  134100: answer("TemplateNotAllowed", never, "Only marketing templates go through this endpoint: use `/messages`."),
  134101: answer("TemplateNotAllowed", after("10 minutes"), "The template is being synchronised: wait ten minutes."),
  134102: answer("TemplateNotAllowed", never, "The template could not be synchronised: use `/messages`."),
  134103: answer(
    "TemplateNotAllowed",
    never,
    "The Marketing Messages API does not take this template: use `/messages`."
  ),
  141002: health("TemplateNotFound", never, "Wait until the template is approved.")
}

const managed: GraphCodes = {
  200002: answer("ChangeRefused", never, "The template could not be made: read what Meta says about it."),
  200005: answer("AccountNotReady", never, "Insights into templates are not available to this account: go on without."),
  200006: answer("AccountNotReady", never, "Insights into templates cannot be switched off again: leave them on."),
  200007: answer("AccountNotReady", never, "Switch insights into templates on."),
  2388019: answer("LimitReached", never, "The account has as many templates as it may: delete some."),
  2388039: answer("ChangeRefused", never, "The template cannot be changed in its state: wait for the review."),
  2388040: answer("ChangeRefused", never, "Shorten the field of the template that is too long."),
  2388047: answer("ChangeRefused", never, "Correct the format of the template's header."),
  2388072: answer("ChangeRefused", never, "Correct the format of the template's body."),
  2388073: answer("ChangeRefused", never, "Correct the format of the template's footer."),
  2388077: answer("InvalidParameter", never, "Ask for one product type at a time."),
  2388109: answer("ChangeRefused", never, "The template could not be made: read what Meta says about it."),
  2388293: answer("ChangeRefused", never, "Use fewer variables, or a longer text."),
  2388299: answer("ChangeRefused", never, "Begin and end the text with words, not with a variable."),
  2593079: answer("AccountNotReady", never, "Insights are not available to this account: go on without.")
}

export const codes: GraphCodes = { ...sent, ...managed }
