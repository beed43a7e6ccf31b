/**
 * The files of this Meta: what a business uploaded and what customers sent. They are kept in memory, 256 MiB of them;
 * beyond, the oldest are forgotten.
 */
import { createHash } from "node:crypto"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { MediaFault } from "../MediaFault.ts"
import * as Bounded from "./bounded.ts"
import * as ids from "./ids.ts"

export interface Media {
  readonly id: string
  readonly phoneNumberId: string
  readonly mimeType: string
  readonly pieces: ReadonlyArray<Uint8Array>
  readonly size: number
  readonly sha256: Buffer
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

interface Ticket {
  readonly mediaId: string
  readonly expiresAt: number
  readonly fault: MediaFault | undefined
}

/** A file as it comes in, piece by piece. */
export interface Incoming {
  readonly size: () => number
  readonly add: (piece: Uint8Array) => void
  /** What came so far. */
  readonly pieces: () => ReadonlyArray<Uint8Array>
  /** Forgets what came. */
  readonly clear: () => void
  readonly digest: () => Buffer
}

const blockSize = 65_536

/** It is copied to blocks, because a piece by itself takes a hundred bytes more than it has. */
export const incoming = (): Incoming => {
  const hash = createHash("sha256")
  const full: Array<Uint8Array> = []
  let block = new Uint8Array()
  let filled = 0
  let size = 0
  return {
    size: () => size,
    add: (piece) => {
      hash.update(piece)
      size += piece.length
      for (let from = 0; from < piece.length;) {
        if (filled === block.length) {
          if (filled > 0) full.push(block)
          block = new Uint8Array(blockSize)
          filled = 0
        }
        const part = piece.subarray(from, from + blockSize - filled)
        block.set(part, filled)
        filled += part.length
        from += part.length
      }
    },
    pieces: () => (filled === 0 ? full : [...full, block.slice(0, filled)]),
    clear: () => {
      full.length = 0
      block = new Uint8Array()
      filled = 0
    },
    digest: () => hash.digest()
  }
}

const capacity = 268_435_456
const urlLifetime = 5 * 60_000

export type MediaStore = ReturnType<typeof make>

export const make = (millis: () => number) => {
  const all = new Map<string, Media>()
  const tickets = new Map<string, Ticket>()
  let size = 0
  const remove = (id: string) => {
    size -= all.get(id)?.size ?? 0
    all.delete(id)
  }
  const find = (id: string): Media | undefined => {
    const media = all.get(id)
    return media === undefined || media.expiresAt <= millis() ? undefined : media
  }
  return {
    add: (file: Incoming, of: Pick<Media, "phoneNumberId" | "mimeType">, lifetimeMillis: number): Media => {
      const media: Media = {
        ...of,
        id: ids.digits(),
        pieces: file.pieces(),
        size: file.size(),
        sha256: file.digest(),
        expiresAt: millis() + lifetimeMillis
      }
      all.set(media.id, media)
      size += media.size
      for (const oldest of all.keys()) {
        if (oldest === media.id || (size <= capacity && all.size <= Bounded.capacity)) break
        remove(oldest)
      }
      return media
    },
    find,
    remove,
    /** The query of a URL for this file, good for five minutes. */
    issue: (media: Media, fault?: MediaFault): string => {
      const hash = Buffer.from(SecureRandom.randomBytesUnsafe(18)).toString("base64url")
      const expiresAt = fault?._tag === "Expired" ? 0 : millis() + urlLifetime
      Bounded.set(tickets, hash, { mediaId: media.id, expiresAt, fault })
      return `mid=${media.id}&ext=${Math.floor(expiresAt / 1000)}&hash=${hash}`
    },
    /** What a URL leads to, until it expires. */
    redeem: (hash: string): { readonly media: Media; readonly fault: MediaFault | undefined } | undefined => {
      const ticket = tickets.get(hash)
      const media = ticket === undefined || ticket.expiresAt <= millis() ? undefined : find(ticket.mediaId)
      return media === undefined ? undefined : { media, fault: ticket?.fault }
    }
  }
}
