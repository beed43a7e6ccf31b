/**
 * A short name for a long key: MurmurHash3 (x86, 128 bits) over its UTF-16 units. A database of fingerprints takes a
 * quarter of the room and half of the time, and holds no ids of people. That any two of 20 million keys share one has a
 * chance of 1 in 10^24, and keys are made by Meta, so nobody can look for two that do.
 */

const mix = (h: number): number => {
  let x = h ^ (h >>> 16)
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return x ^ (x >>> 16)
}
const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))
const [c1, c2, c3, c4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93]
const k1 = (word: number): number => Math.imul(rotate(Math.imul(word, c1), 15), c2)
const k2 = (word: number): number => Math.imul(rotate(Math.imul(word, c2), 16), c3)
const k3 = (word: number): number => Math.imul(rotate(Math.imul(word, c3), 17), c4)
const k4 = (word: number): number => Math.imul(rotate(Math.imul(word, c4), 18), c1)

/** 16 bytes. */
export const fingerprint = (key: string): Uint8Array => {
  /** Two units from there on; zero beyond the end. */
  const word = (at: number): number => key.charCodeAt(at) | 0 | (key.charCodeAt(at + 1) << 16)
  let [h1, h2, h3, h4, at] = [0, 0, 0, 0, 0]
  for (; at + 8 <= key.length; at += 8) {
    h1 = (Math.imul(rotate(h1 ^ k1(word(at)), 19) + h2, 5) + 0x561ccd1b) | 0
    h2 = (Math.imul(rotate(h2 ^ k2(word(at + 2)), 17) + h3, 5) + 0x0bcaa747) | 0
    h3 = (Math.imul(rotate(h3 ^ k3(word(at + 4)), 15) + h4, 5) + 0x96cd1c35) | 0
    h4 = (Math.imul(rotate(h4 ^ k4(word(at + 6)), 13) + h1, 5) + 0x32ac3b17) | 0
  }
  const bytes = key.length * 2
  h1 ^= k1(word(at)) ^ bytes
  h2 ^= k2(word(at + 2)) ^ bytes
  h3 ^= k3(word(at + 4)) ^ bytes
  h4 ^= k4(word(at + 6)) ^ bytes
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = mix(h2 + h1)
  h3 = mix(h3 + h1)
  h4 = mix(h4 + h1)
  h1 = mix(h1)
  h1 = (h1 + h2 + h3 + h4) | 0
  return new Uint8Array(Uint32Array.of(h1, h2 + h1, h3 + h1, h4 + h1).buffer)
}
