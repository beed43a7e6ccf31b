/**
 * Whether a value is what its type says, where callers have no types: a constructor never throws, and what is something
 * else stays as it is, for the schema to refuse.
 */
import * as Predicate from "effect/Predicate"

export const isRecord = <A extends object>(value: A): value is A => Predicate.isObject(value)

export const isList = <A>(list: ReadonlyArray<A> | object): list is ReadonlyArray<A> => Array.isArray(list)

export const asList = <A>(list: ReadonlyArray<A>): ReadonlyArray<A> => (isList(list) ? list : [list])
