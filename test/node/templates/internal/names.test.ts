import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Script } from "node:vm"
import { constantOf, identifierOf } from "../../../../packages/node/src/templates/internal/names.ts"

const Name = Schema.Array(
  Schema.Literals(["_", "__", "a", "b", "2", "0", "delete", "order", "then", "_x", "await"])
).check(Schema.isMinLength(1))

/** Whether a module can declare it, and nothing is read as something else. */
const declare = (name: string) => new Script(`"use strict"; async () => { const ${name} = 1 }`)

describe("the function of a template", () => {
  it.each([
    ["order_update", "orderUpdate"],
    ["hello", "hello"],
    ["code_2", "code_2"],
    ["order__update_", "order__update_"],
    ["_order", "_order"],
    ["2fa", "$2fa"],
    ["delete", "delete$"],
    ["then", "then$"],
    ["global_this", "globalThis$"],
    ["__es_module", "__esModule$"],
    ["___", "___"]
  ])("of %s is %s", (name, identifier) => {
    assert.strictEqual(identifierOf(name), identifier)
  })

  it.prop("is another for another name, and can be declared", [Name, Name], ([one, other]) => {
    const [a, b] = [one.join(""), other.join("")]
    assert.strictEqual(identifierOf(a) === identifierOf(b), a === b)
    declare(identifierOf(a))
  })

  it.prop(
    "is no name of a description, of which there is one for each language",
    [Name, Name, Schema.NonEmptyString, Schema.NonEmptyString],
    ([one, other, language, another]) => {
      const [a, b] = [one.join(""), other.join("")]
      declare(constantOf(a, language))
      assert.notStrictEqual(constantOf(a, language), identifierOf(b))
      assert.strictEqual(constantOf(a, language) === constantOf(b, another), a === b && language === another)
    }
  )
})
