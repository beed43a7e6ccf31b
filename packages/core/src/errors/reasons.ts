/**
 * Why a call failed, one class per thing that a program may want to do about it. Here stands what is found out on this
 * side; what Meta says stands in `graphReasons.ts`.
 */
import * as Schema from "effect/Schema"
import { graphReasons } from "./graphReasons.ts"
import { ambiguous, backoff, never, type Verdict } from "./Verdict.ts"

/** The message, file or option breaks a documented limit, or is not what it was said to be; nothing was sent. */
export class InvalidMessage extends Schema.TaggedError<InvalidMessage>()("InvalidMessage", {
  /** Where, as in `text` or `template.body[2].text`; never what stood there. */
  field: Schema.String,
  /** What was expected there, and the size that was found. */
  details: Schema.String
}) {
  get verdict(): Verdict {
    return never
  }
  get advice(): string {
    return "Correct the field that the details name."
  }
}

/** `WhatsAppConfig` has no access token for the number that should send; nothing was sent. */
export class NumberNotConfigured extends Schema.TaggedError<NumberNotConfigured>()("NumberNotConfigured", {
  phoneNumberId: Schema.String,
  details: Schema.String
}) {
  get verdict(): Verdict {
    return never
  }
  get advice(): string {
    return "Add the number and its access token to WhatsAppConfig."
  }
}

/** No connection to Meta: refused, no such host, a certificate that does not hold. Nothing was sent. */
export class ConnectionFailed extends Schema.TaggedError<ConnectionFailed>()("ConnectionFailed", {
  details: Schema.String
}) {
  get verdict(): Verdict {
    return backoff
  }
  get advice(): string {
    return "Check the network, the name server and WHATSAPP_API_URL, and try again."
  }
}

/**
 * The request left and no readable answer came: a timeout, a broken connection, a 5xx, a proxy that gave up. The message
 * may have been accepted; a `StatusUpdate` with this `callbackData` says that it was.
 */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  callbackData: Schema.String,
  // A text and never the HttpClientError, in which Node would print the token.
  details: Schema.String
}) {
  get verdict(): Verdict {
    return ambiguous
  }
  get advice(): string {
    return "Look for a status with the callback data before you send it again."
  }
}

/** A call that may be made again, such as marking as read, got no readable answer: a timeout, a broken connection. */
export class NoAnswer extends Schema.TaggedError<NoAnswer>()("NoAnswer", { details: Schema.String }) {
  get verdict(): Verdict {
    return backoff
  }
  get advice(): string {
    return "Make the call again after a while."
  }
}

/**
 * A refusal that is not Meta's: a proxy, a wrong `WHATSAPP_API_URL`, a redirect (which is not followed). HTTP 425 and 429
 * ask for patience: then it is `Backoff`.
 */
export class UnexpectedAnswer extends Schema.TaggedError<UnexpectedAnswer>()("UnexpectedAnswer", {
  /** HTTP status. */
  status: Schema.Finite,
  details: Schema.String
}) {
  get verdict(): Verdict {
    return this.isBusy ? backoff : never
  }
  get advice(): string {
    return this.isBusy
      ? "Slow down: who stands between you and Meta takes no more for now."
      : "Check WHATSAPP_API_URL, and the proxy if there is one."
  }
  private get isBusy(): boolean {
    return this.status === 425 || this.status === 429
  }
}

/** Meta has the media no more: an id holds for 30 days after an upload, and for 7 when it came by webhook. */
export class MediaExpired extends Schema.TaggedError<MediaExpired>()("MediaExpired", { details: Schema.String }) {
  get verdict(): Verdict {
    return never
  }
  get advice(): string {
    return "Ask for it again: the person has to send it anew, or you have to upload it anew."
  }
}

/** The media broke off; what came of it is not all. It may be fetched again. */
export class MediaIncomplete extends Schema.TaggedError<MediaIncomplete>()("MediaIncomplete", {
  /** In bytes. */
  received: Schema.Finite,
  details: Schema.String
}) {
  get verdict(): Verdict {
    return backoff
  }
  get advice(): string {
    return "Download it again."
  }
}

/** The media is not what Meta says it is: other bytes, or more of them. It may be fetched again. */
export class MediaCorrupt extends Schema.TaggedError<MediaCorrupt>()("MediaCorrupt", { details: Schema.String }) {
  get verdict(): Verdict {
    return backoff
  }
  get advice(): string {
    return "Download it again, and trust no byte of this one."
  }
}

/** The media is larger than the program allows. */
export class MediaTooLarge extends Schema.TaggedError<MediaTooLarge>()("MediaTooLarge", {
  maxBytes: Schema.Finite,
  details: Schema.String
}) {
  get verdict(): Verdict {
    return never
  }
  get advice(): string {
    return "Raise maxBytes, or do without it."
  }
}

export * from "./graphReasons.ts"

/** Schema for every reason of a `WhatsAppError`. */
export const Reason = Schema.Union([
  InvalidMessage,
  NumberNotConfigured,
  ConnectionFailed,
  OutcomeUnknown,
  NoAnswer,
  UnexpectedAnswer,
  MediaExpired,
  MediaIncomplete,
  MediaCorrupt,
  MediaTooLarge,
  ...Object.values(graphReasons)
])
export type Reason = typeof Reason.Type
