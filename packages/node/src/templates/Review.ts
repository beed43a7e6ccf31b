/** How the review of templates goes, and what has come of it. */
import { type Account, WhatsAppAccount } from "@effect-whatsapp/core/client"
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { compare } from "./Entry.ts"

type Template = Account.AccountTemplate

/** Nobody has decided yet. */
const isPending = ({ status = "" }: Template): boolean => ["PENDING", "IN_APPEAL"].includes(status.toUpperCase())

/** It cannot be sent, and will not by waiting. */
export const isRefused = ({ status = "" }: Template): boolean => ["REJECTED", "DISABLED"].includes(status.toUpperCase())

const byName = (one: Template, other: Template) =>
  compare(one.name, other.name) || compare(one.language, other.language)

/** The templates of these names, or all, in the order of their names. */
export const look = Effect.fnUntraced(function* (names: ReadonlyArray<string>) {
  const { templates } = yield* WhatsAppAccount.WhatsAppAccount
  const [only] = names
  const found = yield* Stream.runCollect(templates(names.length === 1 ? { name: only } : {}))
  return found.filter(({ name }) => names.length === 0 || names.includes(name)).toSorted(byName)
})

/** Passes by itself: the next look will tell. */
const isPassing = ({ verdict }: WhatsAppError): boolean => verdict._tag !== "Never"

/** So many looks in a row may fail. */
const patience = 5

/**
 * Looks again and again until none is pending, and gives what there is then. `onChange` runs for each template that is
 * seen for the first time or has another status than before.
 */
export const watch = Effect.fnUntraced(function* <R>(
  names: ReadonlyArray<string>,
  every: Duration.Input,
  onChange: (template: Template, waiting: number) => Effect.Effect<void, never, R>
) {
  const seen = new Map<string, string | undefined>()
  const once = Effect.gen(function* () {
    const templates = yield* look(names).pipe(
      // Whoever waits already is not sent away for a line that broke.
      Effect.retry({
        while: (error) => seen.size > 0 && isPassing(error),
        schedule: Schedule.spaced(every),
        times: patience
      })
    )
    const waiting = templates.filter(isPending).length
    for (const template of templates) {
      const key = JSON.stringify([template.name, template.language])
      if (seen.has(key) && seen.get(key) === template.status) continue
      seen.set(key, template.status)
      yield* onChange(template, waiting)
    }
    return templates
  })
  return yield* Effect.repeat(once, {
    until: (templates) => !templates.some(isPending),
    schedule: Schedule.spaced(every)
  })
})
