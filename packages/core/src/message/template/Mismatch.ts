/**
 * What a template holds when its values do not fit its description. A constructor never throws, so a message is made all
 * the same, and this in it makes it fail before it leaves, with the name of the parameter. It stands under a symbol, so
 * that no JSON has it and no JSON is given it.
 */
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { guarded } from "../internal/guarded.ts"
import type { Component } from "./Component.ts"

export interface Mismatch {
  /** Which parameter, as in `["body", "first_name"]`. */
  readonly path: ReadonlyArray<string | number>
  /** What was expected there. */
  readonly issue: string
}

const key: unique symbol = Symbol("@effect-whatsapp/core/message/template/Mismatch")

interface Mismatched {
  readonly [key]: Mismatch
}

const isMismatched = (input: unknown): input is Mismatched =>
  typeof input === "object" && input !== null && Object.hasOwn(input, key)

/** Components that no schema takes either: a copy that lost the symbol, as by way of JSON, must not be sent. */
const unfilled: ReadonlyArray<Component> = [{ type: "body", parameters: [{ type: "text", text: "" }] }]

/** A template that is refused with the words of a mismatch. */
export const mismatched = <T extends object>(template: T, mismatch: Mismatch) =>
  Object.assign({ ...template, components: unfilled }, { [key]: mismatch })

/** The same schema, which refuses what `mismatched` made. */
export const unlessMismatched = <T>(schema: Schema.Codec<T>) =>
  guarded(schema, (input) => {
    if (!isMismatched(input)) return undefined
    const { issue, path } = input[key]
    const words = new SchemaIssue.InvalidValue({ message: issue })
    return path.length === 0 ? words : new SchemaIssue.Pointer(path, words)
  })
