/** Resumable uploads: the handle of a file that is complete, and how far the others are. The bytes are not kept. */
import { createHash } from "node:crypto"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { Uploaded } from "../CloudApiEmulator.ts"
import * as Bounded from "./bounded.ts"

export interface Session {
  /** The whole id: it holds a colon and a query. */
  readonly id: string
  readonly offset: () => number
  /** Takes what fits; `true` when there was more. */
  readonly add: (piece: Uint8Array) => boolean
  /** The handle, once everything has arrived. */
  readonly handle: () => string | undefined
}

export type Uploads = ReturnType<typeof make>

export const make = () => {
  const sessions = new Map<string, Session>()
  const uploaded: Array<Uploaded> = []
  const open = (fileName: string | undefined, mimeType: string, size: number): Session => {
    const hash = createHash("sha256")
    let offset = 0
    let handle: string | undefined
    const session: Session = {
      id: idOf(`upload:${random(24)}`, random(12)),
      offset: () => offset,
      add: (piece) => {
        if (handle !== undefined) return piece.length > 0
        const fitting = piece.subarray(0, size - offset)
        hash.update(fitting)
        offset += fitting.length
        if (offset === size) {
          handle = `4::${Buffer.from(mimeType).toString("base64")}:${random(24)}`
          const sha256 = hash.digest("hex")
          Bounded.push(uploaded, { handle, mimeType, size, sha256, ...(fileName === undefined ? {} : { fileName }) })
        }
        return fitting.length < piece.length
      },
      handle: () => handle
    }
    Bounded.set(sessions, session.id, session)
    return session
  }
  /** By what stands in the path and in the query, which are one id. */
  const find = (node: string, signature: string | null) => sessions.get(idOf(node, signature))
  return { open, find, uploaded }
}

const idOf = (node: string, signature: string | null): string => `${node}?sig=${signature}`

const random = (bytes: number): string => Buffer.from(SecureRandom.randomBytesUnsafe(bytes)).toString("base64url")
