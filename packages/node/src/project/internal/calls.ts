/** Every call of `Listener.make` in one file, and every use of it behind which such calls may hide. */
import { parse, type ParserPlugin } from "@babel/parser"
import { reader } from "./constants.ts"
import { bare, isCall, isMember, isOurs, meaningOf, memberOf } from "./meanings.ts"
import { type Binding, childrenOf, enter, find, keyOf, type Node, type Scope } from "./scopes.ts"

/** A place in a file; both count from 1. */
interface Place {
  readonly line: number
  readonly column: number
}

interface Call extends Place {
  /** Absent where it is not known without running the program. */
  readonly name?: string
  readonly tags: ReadonlyArray<string>
  readonly wantsAll: boolean
  readonly unresolved: ReadonlyArray<string>
}

interface Hidden extends Place {
  readonly reason: string
}

export interface Found {
  readonly calls: ReadonlyArray<Call>
  readonly hidden: ReadonlyArray<Hidden>
  /** The first mistake in the text that could be read over. */
  readonly mistake?: string
}

const pluginsFor = (file: string): Array<ParserPlugin> => {
  const languages: Array<ParserPlugin> = /\.[cm]?ts$/.test(file)
    ? ["typescript"]
    : file.endsWith("tsx")
      ? ["typescript", "jsx"]
      : ["jsx"]
  return [...languages, "decorators", "decoratorAutoAccessors", "explicitResourceManagement", "importAttributes"]
}

const changing: ReadonlySet<string> = new Set("push pop shift unshift splice fill copyWithin reverse sort".split(" "))

const placeOf = ({ loc }: Node): Place => ({ line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 })

/** What may stand inside an expression although its name says that it is for the compiler. */
const runs = /^TS(Enum|Module|ExportAssignment|ParameterProperty|ImportEquals)/

/** The syntax tree of a file. Fails by throwing, on a text that is no program. */
export const parsed = (file: string, text: string) =>
  parse(text, {
    sourceType: "unambiguous",
    errorRecovery: true,
    allowAwaitOutsideFunction: true,
    allowReturnOutsideFunction: true,
    plugins: pluginsFor(file)
  })

/** Fails by throwing, on a text that is no program. */
export const callsIn = (file: string, text: string): Found => {
  const { errors, program } = parsed(file, text)
  const made: Array<{ readonly node: Node; readonly args: ReadonlyArray<Node>; readonly scope: Scope }> = []
  const hidden: Array<Hidden> = []
  const changed = new Set<Binding>()
  const hide = (node: Node, reason: string) => hidden.push({ ...placeOf(node), reason })
  const all = (nodes: ReadonlyArray<Node | null | undefined>, scope: Scope) => {
    for (const node of nodes) if (node !== null && node !== undefined) visit(node, scope)
  }
  const change = (target: Node, scope: Scope) => {
    const object = isMember(target) ? bare(target.object) : undefined
    const binding = object?.type === "Identifier" ? find(scope, object.name) : undefined
    if (binding !== undefined) changed.add(binding)
  }

  const visit = (wrapped: Node, outer: Scope): void => {
    const node = bare(wrapped)
    const scope = enter(outer, node)
    switch (node.type) {
      case "ImportDeclaration":
        return undefined
      case "ExportAllDeclaration":
        if (isOurs(node.source.value) && node.exportKind !== "type") hide(node, "Listener is exported again from here")
        return undefined
      case "ExportNamedDeclaration":
        if (node.exportKind === "type") return undefined
        if (node.source === null || node.source === undefined) {
          if (node.declaration?.type === "VariableDeclaration") {
            for (const { init } of node.declaration.declarations) {
              if (init && meaningOf(init, scope) !== undefined) hide(init, "Listener is exported again from here")
            }
          }
          return all([node.declaration, ...node.specifiers], scope)
        }
        for (const specifier of node.specifiers) {
          const isWhole = specifier.type !== "ExportSpecifier" || specifier.local.name === "Listener"
          if (isOurs(node.source.value) && isWhole) hide(specifier, "Listener is exported again from here")
        }
        return undefined
      case "ExportSpecifier":
        return visit(node.local, scope)
      case "VariableDeclarator": {
        const isAlias = node.init && node.id.type !== "ArrayPattern" && meaningOf(node.init, scope) !== undefined
        if (!isAlias) return all([node.id, node.init], scope)
        const isRead =
          node.id.type === "Identifier"
            ? find(scope, node.id.name)?._tag === "Constant"
            : node.id.type === "ObjectPattern" &&
              node.id.properties.every(
                (property) =>
                  property.type === "ObjectProperty" &&
                  property.value.type === "Identifier" &&
                  keyOf(property) !== undefined
              )
        return (isRead ? undefined : hide(node, "Listener goes by a name that may change"), undefined)
      }
      case "AssignmentExpression":
        change(node.left, scope)
        return all([node.left, node.right], scope)
      case "ObjectProperty":
      case "ObjectMethod":
      case "ClassMethod":
      case "ClassProperty":
      case "ClassAccessorProperty":
        return all(
          childrenOf(node).filter((child) => child !== node.key || node.computed),
          scope
        )
      case "LabeledStatement":
        return visit(node.body, scope)
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return undefined
      case "Identifier":
        if (meaningOf(node, scope) !== undefined) hide(node, `\`${node.name}\` is handed on as a value`)
        return undefined
      default:
    }
    if (isCall(node)) {
      const callee = bare(node.callee)
      if (meaningOf(callee, scope) === "make") {
        made.push({ node, args: node.arguments, scope })
        return all(node.arguments, scope)
      }
      if (isMember(callee) && changing.has(memberOf(callee) ?? "")) change(callee, scope)
      return all([node.callee, ...node.arguments], scope)
    }
    if (isMember(node)) {
      if (meaningOf(node, scope) !== undefined) return (hide(node, "Listener is handed on as a value"), undefined)
      if (meaningOf(node.object, scope) === undefined) {
        return all([node.object, node.computed ? node.property : undefined], scope)
      }
      return memberOf(node) === undefined
        ? (hide(node, "A part of the package is chosen at run time"), undefined)
        : undefined
    }
    if (node.type.startsWith("TS") && !runs.test(node.type)) return undefined
    return all(childrenOf(node), scope)
  }
  visit(program, { names: new Map(), parent: undefined })

  const known = reader(changed)
  const calls = made.map(({ args, node, scope }): Call => {
    const [name, tag] = args
    const isSpread = name?.type === "SpreadElement" || tag?.type === "SpreadElement"
    const read = (arg: Node | undefined) =>
      arg === undefined || isSpread
        ? {
            texts: [],
            isList: false,
            unresolved: [isSpread ? "the arguments are spread from a list" : "it is missing"]
          }
        : known(arg, scope)
    const names = read(name)
    const tags = read(tag)
    const wantsAll = !tags.isList && tags.texts[0] === "*"
    return {
      ...placeOf(node),
      ...(names.isList || names.texts[0] === undefined ? {} : { name: names.texts[0] }),
      tags: wantsAll ? [] : [...new Set(tags.texts)],
      wantsAll,
      unresolved: [...names.unresolved.map((why) => `name: ${why}`), ...tags.unresolved.map((why) => `events: ${why}`)]
    }
  })
  // Parameters may have decorators in TypeScript, and in no standard.
  const mistake = errors?.find(({ reasonCode }) => reasonCode !== "UnsupportedParameterDecorator")
  return { calls, hidden, ...(mistake === undefined ? {} : { mistake: messageOf(mistake) }) }
}

const messageOf = (mistake: object): string => ("message" in mistake ? String(mistake.message) : "It does not parse")
