/** Emoji on somebody else's message. Meta page: "Reaction messages". */
import * as Schema from "effect/Schema"
import { MessageId } from "../domain/Ids.ts"
import { picture } from "./internal/emoji.ts"
import { describe, limits } from "./limits.ts"

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

/** One grapheme, whatever it is composed of: skin tones, flags, families. Which of them WhatsApp shows, Meta knows. */
const isEmoji = (text: string): boolean => {
  const [first] = text === "" ? [] : graphemes.segment(text)
  return first !== undefined && first.segment.length === text.length && picture.test(text)
}

const expected = `${describe(limits["reaction.emoji"])}; an empty string takes the reaction back`

/** Schema for a reaction, or for taking it back. The one kind of message that cannot quote. */
export const ReactionMessage = Schema.Struct({
  type: Schema.Literal("reaction"),
  reaction: Schema.Struct({
    message_id: MessageId.check(Schema.isNonEmpty()),
    /** One emoji; an empty string takes back the reaction that is there. */
    emoji: Schema.String.check(
      Schema.makeFilter((text: string) => text === "" || isEmoji(text), {
        expected,
        arbitraryConstraint: { patterns: [{ source: "^(👍|❤️|👩🏽‍🚀|🇮🇹|1️⃣)?$", flags: "u" }] }
      })
    )
  })
}).annotate({ messageUnexpectedKey: "Expected a reaction alone, which cannot quote either" })
export type ReactionMessage = typeof ReactionMessage.Type

/**
 * A reaction to a message: one emoji, which replaces the one that was there before.
 *
 * **Gotchas**
 *
 * Its only status is `Sent`. On a message that was deleted, is older than 30 days or is a reaction itself Meta accepts
 * it, and a status `Failed` with code 131009 follows.
 *
 * **Example** (Thumbs up)
 *
 * ```ts
 * import { MessageId } from "@effect-whatsapp/core/domain"
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const liked = Message.reaction(MessageId.make("wamid.AAAA"), "👍")
 * const taken = Message.removeReaction(MessageId.make("wamid.AAAA"))
 * ```
 */
export const reaction = (messageId: MessageId, emoji: string): ReactionMessage => ({
  type: "reaction",
  reaction: { message_id: messageId, emoji }
})

/** Takes back the reaction to a message. */
export const removeReaction = (messageId: MessageId): ReactionMessage => reaction(messageId, "")
