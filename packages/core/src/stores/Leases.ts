/** The claims of one process: which keys are held, by which token, and until when. */
import * as DateTime from "effect/DateTime"
import { Claim, type Token } from "../services/Deduplication.ts"

export interface Leases {
  /** `Busy` while somebody holds the key. */
  readonly held: (key: string, now: number) => Claim | undefined
  readonly grant: (key: string, now: number) => Claim
  /** Ends the lease of the token. Tells whether it was current. */
  readonly end: (token: Token, now: number) => boolean
}

/** Each lease lasts `lease` milliseconds. */
export const make = (lease: number): Leases => {
  const leases = new Map<string, { readonly id: string; readonly until: number }>()
  let claims = 0
  return {
    held: (key, now) => {
      const held = leases.get(key)
      return held !== undefined && held.until > now ? Claim.Busy({ until: DateTime.makeUnsafe(held.until) }) : undefined
    },
    grant: (key, now) => {
      const id = String(++claims)
      leases.set(key, { id, until: now + lease })
      return Claim.Claimed({ token: { key, id } })
    },
    end: (token, now) => {
      const held = leases.get(token.key)
      if (held === undefined || held.id !== token.id || held.until <= now) return false
      return leases.delete(token.key)
    }
  }
}
