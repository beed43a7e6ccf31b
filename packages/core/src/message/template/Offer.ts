/** What stands beside the text of a marketing template. Meta pages: "Limited-time offer templates", "Tap target". */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { isRecord } from "../internal/untyped.ts"
import { Url } from "../Media.ts"
import { either } from "./internal/words.ts"

/** Schema for the end of a limited-time offer. WhatsApp on the web and on desktops shows no such template. */
export const LimitedTimeOffer = Schema.Struct({
  type: either("limited_time_offer"),
  parameters: Schema.Tuple([
    Schema.Struct({
      type: either("limited_time_offer"),
      limited_time_offer: Schema.Struct({
        /** Unix time in milliseconds, where nearly all of Meta has seconds. */
        expiration_time_ms: Schema.Int.check(
          Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, { expected: "Unix time in milliseconds" })
        )
      })
    })
  ])
})
export type LimitedTimeOffer = typeof LimitedTimeOffer.Type

/** An instant; a number is Unix time in milliseconds. */
export type Instant = DateTime.DateTime | Date | number

/** When a limited-time offer ends. */
export const limitedTimeOffer = (expiresAt: Instant): LimitedTimeOffer => ({
  type: "limited_time_offer",
  parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: millis(expiresAt) } }]
})

const millis = (instant: Instant): number =>
  instant instanceof Date ? instant.getTime() : DateTime.isDateTime(instant) ? DateTime.toEpochMillis(instant) : instant

const Target = Schema.Struct({
  url: Url,
  title: Schema.NonEmptyString
})

/** Schema for where a tap on the header leads. Only for verified accounts of high quality. */
export const TapTarget = Schema.Struct({
  type: either("tap_target_configuration"),
  parameters: Schema.Tuple([
    Schema.Struct({
      type: either("tap_target_configuration"),
      tap_target_configuration: Schema.NonEmptyArray(Target)
    })
  ])
})
export type TapTarget = typeof TapTarget.Type

export interface TapTargetOptions {
  /** An `http(s)` address. */
  readonly url: string
  /** Shown with the address. */
  readonly title: string
}

/** Where a tap on the header leads: `tapTarget({ url: "https://shop.example/deal", title: "Deal" })`. */
export const tapTarget = (target: TapTargetOptions): TapTarget => ({
  type: "tap_target_configuration",
  parameters: [{ type: "tap_target_configuration", tap_target_configuration: [targetOf(target)] }]
})

/** What is no target stays, and is refused as such. */
const targetOf = (target: TapTargetOptions) => (isRecord(target) ? { url: target.url, title: target.title } : target)
