/** Which declaration a name means at a place in a program, as far as it takes to tell ours from others'. */
import type * as Babel from "@babel/types"

export type Node = Babel.Node

/** What a name was declared as. */
export type Binding =
  /** `from` a module: the export `name`, or all of them (`"*"`). */
  | { readonly _tag: "Import"; readonly from: string; readonly name: string }
  /** A constant, or with `key` what a pattern takes out of it. */
  | { readonly _tag: "Constant"; readonly init: Node; readonly scope: Scope; readonly key?: string }
  | { readonly _tag: "Other"; readonly what: string }

export interface Scope {
  readonly names: Map<string, Binding>
  readonly parent: Scope | undefined
}

export const find = (scope: Scope | undefined, name: string): Binding | undefined =>
  scope === undefined ? undefined : (scope.names.get(name) ?? find(scope.parent, name))

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value

const besides: ReadonlySet<string> = new Set(["loc", "extra", "leadingComments", "trailingComments", "innerComments"])

/** The nodes directly inside, in the order of the text. */
export const childrenOf = (node: Node): ReadonlyArray<Node> =>
  Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    besides.has(key) ? [] : (Array.isArray(value) ? value : [value]).filter(isNode)
  )

const other = (what: string): Binding => ({ _tag: "Other", what })

/** Declares every name of a pattern. */
const declarePattern = (scope: Scope, pattern: Node | null | undefined, binding: Binding): void => {
  if (pattern === null || pattern === undefined) return
  if (pattern.type === "Identifier") scope.names.set(pattern.name, binding)
  else if (pattern.type === "AssignmentPattern") declarePattern(scope, pattern.left, other(whatOf(binding)))
  else if (pattern.type === "RestElement") declarePattern(scope, pattern.argument, other(whatOf(binding)))
  else if (pattern.type === "TSParameterProperty") declarePattern(scope, pattern.parameter, binding)
  else if (pattern.type === "ArrayPattern") {
    for (const element of pattern.elements) declarePattern(scope, element, other(whatOf(binding)))
  } else if (pattern.type === "ObjectPattern") {
    for (const property of pattern.properties) {
      const key = property.type === "ObjectProperty" ? keyOf(property) : undefined
      const taken =
        binding._tag === "Constant" && binding.key === undefined && key !== undefined
          ? { ...binding, key }
          : other(whatOf(binding))
      declarePattern(scope, property.type === "ObjectProperty" ? property.value : property, taken)
    }
  }
}
const whatOf = (binding: Binding): string => (binding._tag === "Other" ? binding.what : "a part of a constant")

/** The name of a property where it is written out. */
export const keyOf = ({ computed, key }: { readonly computed?: boolean; readonly key: Node }): string | undefined => {
  if (key.type === "StringLiteral") return key.value
  return key.type === "Identifier" && computed !== true ? key.name : undefined
}

const declareImport = (scope: Scope, node: Babel.ImportDeclaration): void => {
  if (node.importKind === "type") return
  for (const specifier of node.specifiers) {
    if (specifier.type === "ImportSpecifier") {
      if (specifier.importKind === "type") continue
      const { imported } = specifier
      const name = imported.type === "Identifier" ? imported.name : imported.value
      scope.names.set(specifier.local.name, { _tag: "Import", from: node.source.value, name })
    } else {
      const name = specifier.type === "ImportNamespaceSpecifier" ? "*" : "default"
      scope.names.set(specifier.local.name, { _tag: "Import", from: node.source.value, name })
    }
  }
}

const declareVariables = (scope: Scope, node: Babel.VariableDeclaration): void => {
  for (const { id, init } of node.declarations) {
    const isConstant = node.kind === "const" && init !== null && init !== undefined
    declarePattern(scope, id, isConstant ? { _tag: "Constant", init, scope } : other("a variable that may change"))
  }
}

/** Declares what one statement of a block brings into it. */
const declareStatement = (scope: Scope, statement: Node): void => {
  switch (statement.type) {
    case "ImportDeclaration":
      return declareImport(scope, statement)
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return statement.declaration ? declareStatement(scope, statement.declaration) : undefined
    case "VariableDeclaration":
      // What is declared by `var` belongs to the function around.
      return statement.kind === "var" ? undefined : declareVariables(scope, statement)
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
    case "TSDeclareFunction":
      return declarePattern(scope, statement.id, other("declared by this file"))
    case "TSImportEqualsDeclaration":
      return declarePattern(scope, statement.id, other("imported by `import … = …`"))
    default:
      return undefined
  }
}

const isFunction = (node: Node): node is Babel.Function =>
  /^(Function(Declaration|Expression)|ArrowFunctionExpression|(Object|Class(Private)?)Method)$/.test(node.type)

/** Declares the `var`s of a function, wherever in it they stand. */
const hoist = (scope: Scope, node: Node): void => {
  if (node.type === "VariableDeclaration" && node.kind === "var") declareVariables(scope, node)
  for (const child of childrenOf(node)) if (!isFunction(child)) hoist(scope, child)
}

/** The scope inside a node: a new one where the node opens one. */
export const enter = (scope: Scope | undefined, node: Node): Scope => {
  const inner: Scope = { names: new Map(), parent: scope }
  if (isFunction(node)) {
    if (node.type === "FunctionExpression") declarePattern(inner, node.id, other("declared by this file"))
    for (const parameter of node.params) declarePattern(inner, parameter, other("a parameter"))
    hoist(inner, node.body)
    return inner
  }
  switch (node.type) {
    case "Program":
    case "TSModuleBlock":
    case "StaticBlock":
      for (const statement of node.body) declareStatement(inner, statement)
      hoist(inner, node)
      return inner
    case "BlockStatement":
      for (const statement of node.body) declareStatement(inner, statement)
      return inner
    case "SwitchStatement":
      for (const statement of node.cases.flatMap(({ consequent }) => consequent)) declareStatement(inner, statement)
      return inner
    case "ForStatement":
      if (node.init) declareStatement(inner, node.init)
      return inner
    case "ForInStatement":
    case "ForOfStatement":
      if (node.left.type === "VariableDeclaration") {
        for (const { id } of node.left.declarations) declarePattern(inner, id, other("a variable of a loop"))
      }
      return inner
    case "CatchClause":
      declarePattern(inner, node.param, other("what was thrown"))
      return inner
    case "ClassExpression":
      declarePattern(inner, node.id, other("declared by this file"))
      return inner
    default:
      return scope ?? inner
  }
}
