/** The webhook did not pass Meta's handshake, which Meta makes when the callback URL is saved. */
import * as Schema from "effect/Schema"

/** The webhook answered the GET with anything but 200 and the challenge. `status` is absent when nobody answered. */
export class HandshakeRefused extends Schema.TaggedError<HandshakeRefused>()("HandshakeRefused", {
  status: Schema.optionalKey(Schema.Int),
  details: Schema.String
}) {
  override get message(): string {
    return `The webhook failed the handshake: ${this.details}`
  }
}
