/** What the schemas and the constructors of all buttons have in common. */
import * as Schema from "effect/Schema"
import { limits, position } from "../../limits.ts"
import { either } from "./words.ts"

/** Position, from 0; as a number or as a string, which is how Meta writes it. */
export const Index = position(limits["template.button.index"])

export const kind = <const T extends string>(sub_type: T) => ({ type: either("button"), sub_type: either(sub_type) })

export const button = <const T extends string>(sub_type: T) => ({
  ...kind(sub_type),
  /** Position among all buttons of the template, from 0. */
  index: Index
})

export const action = <const F extends Schema.Struct.Fields>(fields: F) =>
  Schema.Struct({ type: either("action"), action: Schema.Struct(fields) })

/** A button at a position among all buttons of the template. */
export const at = <const T extends string>(sub_type: T, index: number) => ({
  type: "button" as const,
  sub_type,
  index: `${index}`
})
