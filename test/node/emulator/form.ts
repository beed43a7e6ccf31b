/** Files in a form, as a business uploads them, and what Meta then says of them. */
import { createHash } from "node:crypto"
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { call, phoneNumberId } from "./world.ts"

export type Emulator = CloudApiEmulator.CloudApiEmulator["Service"]

export interface Part {
  readonly name: string
  readonly value: string | Uint8Array
  readonly fileName?: string
  readonly type?: string
}

export const boundary = "lamps-and-more"

export const form = (parts: ReadonlyArray<Part>): Uint8Array =>
  Buffer.concat([
    ...parts.flatMap(({ fileName, name, type, value }) => [
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"`),
      Buffer.from(fileName === undefined ? "" : `; filename="${fileName}"`),
      Buffer.from(`${type === undefined ? "" : `\r\ncontent-type: ${type}`}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from("\r\n")
    ]),
    Buffer.from(`--${boundary}--\r\n`)
  ])

export const product: Part = { name: "messaging_product", value: "whatsapp" }
export const fileOf = (value: string | Uint8Array, type = "image/png", fileName = "lamp.png"): Part => ({
  name: "file",
  value,
  fileName,
  type
})

export const path = `/v23.0/${phoneNumberId}/media`

export const uploadRaw = (
  emulator: Emulator,
  body: string | Uint8Array,
  type = `multipart/form-data; boundary=${boundary}`
) => call(emulator, "POST", path, { body, headers: { "content-type": type } })

export const upload = (emulator: Emulator, ...parts: ReadonlyArray<Part>) => uploadRaw(emulator, form(parts))

export const Id = Schema.Struct({ id: Schema.String })
export const idOf = (answer: { readonly json: () => Schema.Json }) => Schema.decodeUnknownSync(Id)(answer.json()).id

const Media = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  url: Schema.String,
  mime_type: Schema.String,
  sha256: Schema.String,
  file_size: Schema.String,
  id: Schema.String
})
export const describeOf = (emulator: Emulator, id: string) =>
  Effect.map(call(emulator, "GET", `/v23.0/${id}`), (answer) =>
    Schema.decodeUnknownSync(Media, { onExcessProperty: "error" })(answer.json())
  )

/** A picture of one colour, as far as anybody here looks. */
export const picture = Buffer.from("\u0089PNG a blue lamp", "latin1")
export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest()

export const uploaded = Effect.fnUntraced(function* (emulator: Emulator, bytes: Uint8Array = picture) {
  return idOf(yield* upload(emulator, product, fileOf(bytes)))
})
