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

/** More than anybody writes down. */
const longest = 500

const list = (parts: ReadonlyArray<Known>): Known => {
  const texts = new Set(parts.flatMap((part) => part.texts))
  const unresolved = new Set(parts.flatMap((part) => part.unresolved))
  if (texts.size > longest || unresolved.size > longest) return { ...unknown("the list is too long"), isList: true }
  return { texts: [...texts], isList: true, unresolved: [...unresolved] }
}

const itself = unknown("it is defined by itself")

/**
 * Reads values of one file. `changed` are the constants whose value is changed after it was made. Each constant is read
 * once, however often lists are made of it.
 */
export const reader = (changed: ReadonlySet<Binding>): ((node: Node, scope: Scope) => Known) => {
  const read = new Map<Binding, Known>()
  const known = (wrapped: Node, scope: Scope): Known => {
    const node = bare(wrapped)
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
          return known(element.type === "SpreadElement" ? element.argument : element, scope)
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
    const before = read.get(binding)
    if (before !== undefined) return before
    // Whoever comes here again before it is read was led here by the constant itself.
    read.set(binding, itself)
    const found = known(binding.init, binding.scope)
    read.set(binding, found)
    return found
  }
  return known
}
