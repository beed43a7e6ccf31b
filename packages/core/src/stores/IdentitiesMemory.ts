/** Identities in this process, in two generations of links: a link that is used stays, the others fall out. */
import type { Identities } from "../services/Identities.ts"
import * as Method from "../services/Method.ts"
import * as IdentitiesLinks from "./IdentitiesLinks.ts"
import * as TwoGenerations from "./TwoGenerations.ts"

export interface Options {
  /** How many links are remembered at most: about one for each person. @default 200_000 */
  readonly capacity?: number | undefined
}

export const make = (options?: Options): Identities["Service"] => {
  const { find, merge, observe } = IdentitiesLinks.make(TwoGenerations.make<string>(options?.capacity ?? 200_000))
  return {
    observe: Method.make(observe),
    find: Method.make(find),
    merge: Method.make(merge)
  }
}
