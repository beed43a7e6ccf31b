/** What can be known of a value without running the program: texts, and lists of them. */
import { bare } from "./meanings.ts"
import { type Binding, find, type Node, type Scope } from "./scopes.ts"

export interface Known {
  readonly texts: ReadonlyArray<string>
  /** Whether it is a list. */
  readonly isList: boolean
  /** Why it is not known, or not whole. */
  readonly unresolved: ReadonlyArray<string>
}

const unknown = (why: string): Known => ({ texts: [], isList: false, unresolved: [why] })
const text = (value: string): Known => ({ texts: [value], isList: false, unresolved: [] })

const list = (parts: ReadonlyArray<Known>): Known => ({
  texts: parts.flatMap(({ texts }) => texts),
  isList: true,
  unresolved: parts.flatMap(({ unresolved }) => unresolved)
})

/** `changed` are the constants whose value is changed after it was made. */
export const known = (wrapped: Node, scope: Scope, changed: ReadonlySet<Binding>, depth = 0): Known => {
  const node = bare(wrapped)
  if (depth > 16) return unknown("it is defined by itself")
  if (node.type === "StringLiteral") return text(node.value)
  if (node.type === "TemplateLiteral") {
    const [only] = node.quasis
    const isPlain = node.expressions.length === 0 && typeof only?.value.cooked === "string"
    return isPlain ? text(only.value.cooked ?? "") : unknown("a text with parts that are computed")
  }
  if (node.type === "ArrayExpression") {
    return list(
      node.elements.map((element) => {
        if (element === null) return unknown("a list with a gap")
        return known(element.type === "SpreadElement" ? element.argument : element, scope, changed, depth + 1)
      })
    )
  }
  if (node.type !== "Identifier") return unknown("it is computed when the program runs")
  const binding = find(scope, node.name)
  const name = `\`${node.name}\``
  if (binding === undefined) return unknown(`${name} is not declared in this file`)
  if (binding._tag === "Import") return unknown(`${name} is imported, and only constants of the same file are read`)
  if (binding._tag === "Other") return unknown(`${name} is ${binding.what}`)
  if (binding.key !== undefined) return unknown(`${name} is taken out of an object`)
  if (changed.has(binding)) return unknown(`${name} is changed after it was made`)
  return known(binding.init, binding.scope, changed, depth + 1)
}
