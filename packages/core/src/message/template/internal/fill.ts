/** A description filled in with values of which nothing is known: the components, or what does not fit, by name. */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { firstOf, pathOf } from "../../internal/invalid.ts"
import { limits } from "../../limits.ts"
import { url } from "../Button.ts"
import type { Component } from "../Component.ts"
import {
  arePositional,
  type ButtonDescription,
  type CardDescription,
  type Description,
  keyOf,
  takesValue,
  variables
} from "../Description.ts"
import type { Mismatch } from "../Mismatch.ts"
import { type BodyParameter, text as parameter } from "../Parameter.ts"
import { buttons, headers, readBody, readCode, type Reader, readHeaderText, readInstant, readOrder } from "./values.ts"

type Path = Mismatch["path"]

/** Values that stand under names, and those of which nobody knows. */
type Members = (key: string) => unknown

class Filling {
  readonly mismatches: Array<Mismatch> = []

  /** What is read of a value that must be there. */
  one<A>(read: Reader<A>, value: unknown, path: Path, what = "a value"): ReadonlyArray<A> {
    if (value === undefined) return this.wrong(path, `Expected ${what}, and there is none`)
    const result = read(value)
    if (Result.isSuccess(result)) return [result.success]
    const { message, path: inside } = firstOf(result.failure)
    return this.wrong([...path, ...inside], message)
  }

  members(value: unknown, path: Path, known: ReadonlyArray<string>): Members {
    if (value === undefined) return () => undefined
    if (!Predicate.isObject(value) || Array.isArray(value)) {
      this.wrong(path, "Expected an object with the values by name")
      return () => undefined
    }
    const entries = new Map<string, unknown>(Object.entries(value))
    for (const [key, value] of entries) {
      if (value !== undefined && !known.includes(key)) this.wrong([...path, key], unknown)
    }
    return (key) => entries.get(key)
  }

  list(value: unknown, path: Path, length: number): ReadonlyArray<unknown> {
    if (value !== undefined && !Array.isArray(value)) return this.wrong(path, "Expected a list")
    const list: ReadonlyArray<unknown> = value ?? []
    for (let at = length; at < list.length; at++) this.wrong([...path, at], unknown)
    return list
  }

  wrong(path: Path, issue: string): ReadonlyArray<never> {
    this.mismatches.push({ path, issue })
    return []
  }
}

const unknown = "Expected no such value, as the template has no place for it"

const header = (filling: Filling, { header }: CardDescription, value: unknown, path: Path) => {
  if (header === undefined) return []
  if (header.type !== "text") return filling.one(headers[header.type], value, path)
  const names = variables(header.text)
  if (arePositional(names)) return names.length === 0 ? [] : filling.one(readHeaderText, value, path)
  const members = filling.members(value, path, names)
  return names.flatMap((name) =>
    filling
      .one(readHeaderText, members(name), [...path, name])
      .map((parameter) => ({ ...parameter, parameter_name: name }))
  )
}

const body = (filling: Filling, { body = "" }: CardDescription, value: unknown, path: Path) => {
  const names = variables(body)
  if (arePositional(names)) {
    const list = filling.list(value, path, names.length)
    return names.flatMap((_, at) =>
      filling
        .one(readBody, list[at], [...path, at], `a value for {{${at + 1}}}`)
        .flatMap((parameter): ReadonlyArray<BodyParameter> =>
          parameter.parameter_name === undefined
            ? [parameter]
            : filling.wrong(
                [...path, at, "parameter_name"],
                "Expected no name, as the variables of the template have none"
              )
        )
    )
  }
  const members = filling.members(value, path, names)
  return names.flatMap((name) =>
    filling.one(readBody, members(name), [...path, name]).map((parameter) => ({ ...parameter, parameter_name: name }))
  )
}

const isOptional = ({ type }: ButtonDescription) => type === "catalog" || type === "voice_call"

const pressed = (filling: Filling, { buttons: all = [] }: CardDescription, value: unknown, path: Path) => {
  const keys = all.filter(takesValue).map(keyOf)
  const members = filling.members(value, path, keys)
  return all.flatMap((one, index) => {
    switch (one.type) {
      case "otp":
      case "spm":
      case "app":
      case "request_contact_info":
      case "phone_number":
        return []
      default: {
        const key = keyOf(one)
        if (!takesValue(one)) return []
        const value = members(key)
        return value === undefined && isOptional(one)
          ? []
          : filling.one(buttons[one.type](index), value, [...path, key])
      }
    }
  })
}

/** Which values the parts that templates and cards share may have. */
const partsOf = (description: CardDescription): ReadonlyArray<string> => [
  ...(description.header === undefined ||
  (description.header.type === "text" && variables(description.header.text).length === 0)
    ? []
    : ["header"]),
  ...(variables(description.body ?? "").length === 0 ? [] : ["body"]),
  ...((description.buttons ?? []).some(takesValue) ? ["buttons"] : [])
]

const parts = (filling: Filling, description: CardDescription, members: Members, path: Path) => {
  const top = header(filling, description, members("header"), [...path, "header"])
  const text = body(filling, description, members("body"), [...path, "body"])
  return {
    top: [
      ...(top.length === 0 ? [] : [{ type: "header" as const, parameters: top }]),
      ...(text.length === 0 ? [] : [{ type: "body" as const, parameters: text }])
    ],
    buttons: pressed(filling, description, members("buttons"), [...path, "buttons"])
  }
}

const carousel = (
  filling: Filling,
  approved: ReadonlyArray<CardDescription>,
  value: unknown
): ReadonlyArray<Component> => {
  const [first] = approved
  if (first === undefined) return []
  const free = first.header?.type === "product"
  const list = filling.list(value, ["carousel"], free ? limits["template.cards"].max : approved.length)
  const described = free ? list.slice(0, limits["template.cards"].max).map(() => first) : approved
  if (described.length === 0) filling.wrong(["carousel"], "Expected cards, and there are none")
  const cards = described.map((card, card_index) => {
    const path = ["carousel", card_index]
    const members = filling.members(list[card_index], path, partsOf(card))
    const { buttons, top } = parts(filling, card, members, path)
    return { card_index, components: [...top, ...buttons] }
  })
  return [{ type: "carousel", cards }]
}

const oneTimePassword = (filling: Filling, description: Description, index: number, values: unknown) => {
  const members = filling.members(values, [], ["code"])
  return filling
    .one(readCode, members("code"), ["code"], "the code")
    .flatMap((code): ReadonlyArray<Component> => [
      ...(description.body !== undefined && variables(description.body).length === 0
        ? []
        : [{ type: "body" as const, parameters: [parameter(code)] }]),
      url(index, code)
    ])
}

const whole = (filling: Filling, description: Description, values: unknown): ReadonlyArray<Component> => {
  const otp = (description.buttons ?? []).findIndex(({ type }) => type === "otp")
  if (otp !== -1) return oneTimePassword(filling, description, otp, values)
  const expires = description.limitedTimeOffer?.hasExpiration === true
  const members = filling.members(
    values,
    [],
    [
      ...partsOf(description),
      ...(expires ? ["limitedTimeOffer"] : []),
      ...(description.carousel === undefined ? [] : ["carousel"]),
      ...(description.orderStatus === undefined ? [] : ["orderStatus"])
    ]
  )
  const { buttons, top } = parts(filling, description, members, [])
  return [
    ...top,
    ...(expires ? filling.one(readInstant, members("limitedTimeOffer"), ["limitedTimeOffer"]) : []),
    ...buttons,
    ...(description.carousel === undefined ? [] : carousel(filling, description.carousel, members("carousel"))),
    ...(description.orderStatus === undefined ? [] : filling.one(readOrder, members("orderStatus"), ["orderStatus"]))
  ]
}

/** All mismatches as one: the place of the first, and the words of all. */
const joined = ([first, ...others]: ReadonlyArray<Mismatch>): Option.Option<Mismatch> =>
  Option.map(Option.fromUndefinedOr(first), ({ issue, path }) => ({
    path,
    issue: [issue, ...others.map((other) => `${pathOf(other.path)}: ${other.issue}`)].join("; ")
  }))

/** The components, or why there are none. */
export const fill = (description: Description, values: unknown): Result.Result<ReadonlyArray<Component>, Mismatch> => {
  const filling = new Filling()
  const components = whole(filling, description, values)
  return Option.match(joined(filling.mismatches), {
    onNone: () => Result.succeed(components),
    onSome: (mismatch) => Result.fail(mismatch)
  })
}
