/** Whether an expression is the package, its module `Listener`, or `Listener.make`, by whatever name it goes here. */
import type * as Babel from "@babel/types"
import { type Binding, find, keyOf, type Node, type Scope } from "./scopes.ts"

export type Meaning = "package" | "Listener" | "make"

const packages: ReadonlySet<string> = new Set(["@effect-whatsapp/node", "@effect-whatsapp/node/events"])
export const isOurs = (from: string): boolean => packages.has(from)

/** The expression without what only the compiler reads. */
export const bare = (node: Node): Node =>
  node.type === "TSAsExpression" ||
  node.type === "TSSatisfiesExpression" ||
  node.type === "TSNonNullExpression" ||
  node.type === "TSTypeAssertion" ||
  node.type === "TSInstantiationExpression" ||
  node.type === "ParenthesizedExpression"
    ? bare(node.expression)
    : node

export type Member = Babel.MemberExpression | Babel.OptionalMemberExpression
export const isMember = (node: Node): node is Member =>
  node.type === "MemberExpression" || node.type === "OptionalMemberExpression"

/** The name of a member where it is written out. */
export const memberOf = ({ computed, property }: Member): string | undefined => keyOf({ computed, key: property })

export const isCall = (node: Node): node is Babel.CallExpression | Babel.OptionalCallExpression =>
  node.type === "CallExpression" || node.type === "OptionalCallExpression"

const inside = (meaning: Meaning | undefined, key: string | undefined): Meaning | undefined => {
  if (meaning === "package" && key === "Listener") return "Listener"
  return meaning === "Listener" && key === "make" ? "make" : undefined
}

const ofBinding = (binding: Binding | undefined, depth: number): Meaning | undefined => {
  if (binding?._tag === "Import" && isOurs(binding.from)) {
    return binding.name === "*" ? "package" : inside("package", binding.name)
  }
  if (binding?._tag !== "Constant") return undefined
  const whole = meaningOf(binding.init, binding.scope, depth + 1)
  return binding.key === undefined ? whole : inside(whole, binding.key)
}

/** `import("…")` and `require("…")` of the package. */
const isLoaded = (node: Node, scope: Scope): boolean => {
  if (!isCall(node)) return false
  const { callee } = node
  const [from] = node.arguments
  const isLoad =
    callee.type === "Import" ||
    (callee.type === "Identifier" && callee.name === "require" && find(scope, "require") === undefined)
  return isLoad && from?.type === "StringLiteral" && isOurs(from.value)
}

export const meaningOf = (wrapped: Node, scope: Scope, depth = 0): Meaning | undefined => {
  // A constant may lead to itself.
  if (depth > 16) return undefined
  const node = bare(wrapped)
  if (node.type === "Identifier") return ofBinding(find(scope, node.name), depth)
  if (isMember(node)) return inside(meaningOf(node.object, scope, depth + 1), memberOf(node))
  const loaded = node.type === "AwaitExpression" ? bare(node.argument) : node
  return isLoaded(loaded, scope) ? "package" : undefined
}
