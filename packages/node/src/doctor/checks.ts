/** Looks whether all that a bot needs is there and right: every check, in the order in which they are told. */
import * as Account from "./account.ts"
import * as Api from "./api.ts"
import * as Callback from "./callback.ts"
import type { Check } from "./Check.ts"
import * as EnvFile from "./envFile.ts"
import * as Number from "./number.ts"
import * as Scaffold from "./scaffold.ts"
import * as Subscription from "./subscription.ts"
import * as Token from "./token.ts"
import * as Variables from "./variables.ts"
import * as Versions from "./versions.ts"

export const checks: ReadonlyArray<Check> = [
  ...Variables.checks,
  ...EnvFile.checks,
  ...Scaffold.checks,
  ...Versions.checks,
  ...Api.checks,
  ...Token.checks,
  ...Number.checks,
  ...Account.checks,
  ...Subscription.checks,
  ...Callback.checks
]
