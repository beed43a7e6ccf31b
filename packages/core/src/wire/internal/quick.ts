/**
 * Decoding without the schema parser, for what needs none: Meta mostly sends each value in the form that is documented,
 * and then reading it is looking at it. Derived from the schemas of `wire`, so that these stay the only truth; what is
 * not in its usual form, or wrong, is left to the parser, which knows every form and says what is wrong.
 */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"

/** Not to be read quickly. */
export const slow = Symbol("slow")

/** Reads a value as its schema would, or says that only the parser can. */
export type Quick = (value: unknown) => unknown

const known = new WeakMap<SchemaAST.AST, Quick>()

/** Says how a schema reads values that are in their usual form. */
export const usually = <S extends Schema.Constraint>(schema: S, quick: Quick): S => {
  known.set(schema.ast, quick)
  return schema
}

/** How to read values of a schema quickly; nothing, where that is not known. */
export const quickOf = (ast: SchemaAST.AST): Quick => known.get(ast) ?? derived(ast)

const never: Quick = () => slow
const string: Quick = (value) => (typeof value === "string" ? value : slow)
const boolean: Quick = (value) => (typeof value === "boolean" ? value : slow)

const derived = (ast: SchemaAST.AST): Quick => {
  // A transformation or a check that is not known here.
  if (ast.encoding !== undefined || ast.checks !== undefined) return never
  switch (ast._tag) {
    case "String":
      return string
    case "Boolean":
      return boolean
    case "Objects":
      return ast.indexSignatures.length === 0 && ast.encodingChecks === undefined ? struct(ast) : never
    case "Arrays": {
      const [element, ...others] = ast.rest
      return element === undefined || others.length > 0 || ast.elements.length > 0 ? never : list(quickOf(element))
    }
    case "Union": {
      const [first, second, ...others] = ast.types
      // Of other unions it takes the parser to know which member comes first.
      if (first === undefined || second?._tag !== "Null" || others.length > 0) return never
      const read = quickOf(first)
      return (value) => (value === null ? null : read(value))
    }
    default:
      return never
  }
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  Predicate.isObject(value) && !Array.isArray(value)

const struct = (ast: SchemaAST.Objects): Quick => {
  const fields = new Map<string, Quick>()
  const required: Array<string> = []
  for (const { name, type } of ast.propertySignatures) {
    if (typeof name !== "string") return never
    fields.set(name, quickOf(type))
    if (type.context?.isOptional !== true) required.push(name)
  }
  /** What stands in front of `name`, which is read as it is. */
  const before = (value: { readonly [key: string]: unknown }, name: string) => {
    const read: { [key: string]: unknown } = {}
    for (const earlier in value) {
      if (earlier === name) break
      read[earlier] = value[earlier]
    }
    return read
  }
  return (value) => {
    if (!isObject(value)) return slow
    for (const name of required) if (!Object.hasOwn(value, name)) return slow
    // Copied only when it differs.
    let read: { [key: string]: unknown } | undefined
    for (const name in value) {
      const raw = value[name]
      const field = fields.get(name)
      const it = field === undefined ? undefined : field(raw)
      if (it === slow) return slow
      if (read === undefined && it !== raw) read = before(value, name)
      if (read !== undefined && field !== undefined) read[name] = it
    }
    return read ?? value
  }
}

const list =
  (element: Quick): Quick =>
  (value) => {
    if (!Array.isArray(value)) return slow
    const read: Array<unknown> = []
    for (const one of value) {
      const it = element(one)
      if (it === slow) return slow
      read.push(it)
    }
    return read
  }
