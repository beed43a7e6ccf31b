/**
 * SHA-256 of bytes that come piece by piece, in constant memory: what the platforms have in common digests only what is
 * there as a whole. FIPS 180-4.
 */

// oxfmt-ignore
const k = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
)

const block = 64
/** Where the length of the message begins in the last block. */
const lengthAt = 56

export interface Sha256 {
  readonly update: (bytes: Uint8Array) => void
  /** The digest in lower-case hex. Ends the digest: nothing may be added after it. */
  readonly hex: () => string
}

const initial = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19
)

/** Takes one block into the state; `w` is room to work in. Whole numbers in locals and typed arrays: nothing is boxed. */
const compress = (state: Int32Array, w: Int32Array, view: DataView, offset: number): void => {
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i)
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] ?? 0
    const y = w[i - 2] ?? 0
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = ((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) | 0
  }
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  let e = state[4] ?? 0
  let f = state[5] ?? 0
  let g = state[6] ?? 0
  let h = state[7] ?? 0
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (k[i] ?? 0) + (w[i] ?? 0)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] ?? 0) + a
  state[1] = (state[1] ?? 0) + b
  state[2] = (state[2] ?? 0) + c
  state[3] = (state[3] ?? 0) + d
  state[4] = (state[4] ?? 0) + e
  state[5] = (state[5] ?? 0) + f
  state[6] = (state[6] ?? 0) + g
  state[7] = (state[7] ?? 0) + h
}

export const make = (): Sha256 => {
  const state = initial.slice()
  const w = new Int32Array(64)
  const pending = new Uint8Array(block)
  const pendingView = new DataView(pending.buffer)
  let pendingLength = 0
  let total = 0

  return {
    update: (bytes) => {
      total += bytes.length
      let at = 0
      if (pendingLength > 0) {
        at = Math.min(block - pendingLength, bytes.length)
        pending.set(bytes.subarray(0, at), pendingLength)
        pendingLength += at
        if (pendingLength < block) return
        compress(state, w, pendingView, 0)
        pendingLength = 0
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (; at + block <= bytes.length; at += block) compress(state, w, view, at)
      pending.set(bytes.subarray(at), 0)
      pendingLength = bytes.length - at
    },
    hex: () => {
      pending.fill(0, pendingLength)
      pending[pendingLength] = 0x80
      if (pendingLength >= lengthAt) {
        compress(state, w, pendingView, 0)
        pending.fill(0)
      }
      // In bits, as 64 of them.
      pendingView.setUint32(lengthAt, Math.floor(total / 2 ** 29))
      pendingView.setUint32(lengthAt + 4, (total * 8) % 2 ** 32)
      compress(state, w, pendingView, 0)
      return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
    }
  }
}
