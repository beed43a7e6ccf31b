/** The access tokens: whom they open what, and what is wrong with them. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { BusinessNumber, MetaOptions } from "../CloudApiEmulator.ts"
import type { TokenStanding } from "../Standing.ts"
import * as GraphError from "./graphError.ts"
import { Refused } from "./graphError.ts"

export type Scope = "whatsapp_business_messaging" | "whatsapp_business_management"

export interface Token {
  readonly text: string
  readonly numbers: ReadonlyArray<BusinessNumber>
  readonly type: string
  readonly appId: string
  /** Seconds; 0 for never. */
  readonly expiresAt: number
  readonly dataAccessExpiresAt: number
  readonly issuedAt: number
  readonly isValid: boolean
  readonly scopes: ReadonlyArray<string>
  readonly accounts: ReadonlyArray<string>
}

export type Tokens = ReturnType<typeof make>

/** The app, when the options name none. */
const someApp = "1190220033044055"

const day = 86_400

export const reveal = (secret: string | Redacted.Redacted): string =>
  typeof secret === "string" ? secret : Redacted.value(secret)

export const make = (options: MetaOptions, millis: () => number) => {
  const appId = options.appId ?? someApp
  const startedAt = Math.floor(millis() / 1000)
  const tokens = new Map<string, Token>()
  for (const number of options.numbers) {
    const text = reveal(number.accessToken)
    const known = tokens.get(text)
    if (known !== undefined) {
      tokens.set(text, { ...known, numbers: [...known.numbers, number] })
      continue
    }
    const standing: TokenStanding = { ...options.token, ...number.token }
    const expiresAt = secondsOf(standing.expiresAt)
    tokens.set(text, {
      text,
      numbers: [number],
      type: standing.type ?? "SYSTEM_USER",
      appId: standing.appId ?? appId,
      expiresAt,
      dataAccessExpiresAt: secondsOf(standing.dataAccessExpiresAt),
      issuedAt: expiresAt === 0 ? startedAt : Math.min(startedAt, expiresAt - day),
      isValid: standing.isValid ?? true,
      scopes: standing.scopes ?? ["whatsapp_business_management", "whatsapp_business_messaging"],
      accounts: standing.accounts ?? [options.businessAccountId]
    })
  }

  const isApp = (id: string): boolean => (options.appId === undefined ? /^\d{1,20}$/.test(id) : id === options.appId)

  return {
    appId,
    isApp,
    find: (text: string): Token | undefined => tokens.get(text),
    /** The app whose own token this is: its id and its secret. */
    appOf: (text: string): string | undefined => {
      const [id = "", secret] = text.split("|", 2)
      return secret !== undefined && isApp(id) && text === `${id}|${reveal(options.appSecret)}` ? id : undefined
    },
    /** Why the token opens nothing any more. */
    fault: (token: Token): Refused | undefined => {
      const now = millis()
      if (token.expiresAt !== 0 && token.expiresAt * 1000 <= now) {
        const at = DateTime.formatIso(DateTime.makeUnsafe(token.expiresAt * 1000))
        return GraphError.badToken(`Error validating access token: Session has expired on ${at}.`, 463)
      }
      return token.isValid
        ? undefined
        : GraphError.badToken("Error validating access token: The session was invalidated.", 467)
    }
  }
}

/** What a call needs, beyond a token. */
export const checkScope = (token: Token, scope: Scope): Effect.Effect<void, Refused> =>
  token.scopes.includes(scope)
    ? Effect.void
    : Effect.fail(
        scope === "whatsapp_business_messaging"
          ? new Refused({
              code: 10,
              graph: { type: "OAuthException", message: "(#10) Application does not have permission for this action" }
            })
          : new Refused({
              code: 200,
              graph: { type: "OAuthException", message: `(#200) Requires ${scope} permission to manage the object.` }
            })
      )

const secondsOf = (instant: DateTime.DateTime.Input | undefined): number =>
  instant === undefined ? 0 : Math.floor(DateTime.makeUnsafe(instant).epochMilliseconds / 1000)
