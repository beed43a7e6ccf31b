/** Reading without the schema parser is only a shortcut: it gives what the parser gives. */
import { assert, describe, it } from "@effect/vitest"
import * as Wire from "@effect-whatsapp/core/wire"
import { Result, Schema, type SchemaAST, SchemaParser } from "effect"

const isCodec = (member: unknown): member is Schema.Codec<unknown, unknown> => Schema.isSchema(member)

const schemas = Object.entries(Wire).flatMap(([module, members]) =>
  module === "SendMessage"
    ? []
    : Object.entries(members).flatMap(([name, member]) =>
        isCodec(member) ? [[`${module}.${name}`, member] as const] : []
      )
)

const oddities: ReadonlyArray<Schema.Json> = [
  "",
  "x",
  "true",
  "1786500010",
  "1786500010500",
  "@x",
  " ",
  "12.5",
  7,
  1.5,
  -3,
  true,
  null,
  {},
  []
]

/** A value that follows a schema, but for oddities here and there, as chosen by `pick`. */
const valueOf = (ast: SchemaAST.AST, pick: (count: number) => number): Schema.Json => {
  if (pick(12) === 0) return oddities[pick(oddities.length)] ?? null
  if (ast._tag === "Objects") {
    const fields = ast.propertySignatures.flatMap(({ name, type }) =>
      pick(3) === 0 ? [] : [[String(name), valueOf(type, pick)] as const]
    )
    return Object.fromEntries(pick(3) === 0 ? [...fields, ["added_by_meta", "x"]] : fields)
  }
  if (ast._tag === "Arrays") {
    const [element] = ast.rest
    return element === undefined ? [] : Array.from({ length: pick(3) }, () => valueOf(element, pick))
  }
  if (ast._tag === "Union" && ast.types[0] !== undefined) return valueOf(ast.types[0], pick)
  return ast._tag === "Number" ? pick(100) : ast._tag === "Boolean" ? pick(2) === 0 : String(1786500000 + pick(9))
}

/** The same choices for the same seed. */
const picking = (seed: number) => {
  let state = seed
  return (count: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % count
  }
}

describe("reading quickly", () => {
  it.prop(
    "gives what the parser gives",
    [Schema.Int, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: schemas.length - 1 }))],
    ([seed, index]) => {
      const [name, schema] = schemas[index] ?? assert.fail()
      const pick = picking(seed)
      const quick = Wire.Quick.decodeUnknownResult(schema)
      const parse = SchemaParser.decodeUnknownResult(schema)
      for (let i = 0; i < 20; i++) {
        const value = valueOf(schema.ast, pick)
        const [read, parsed] = [quick(value), parse(value)]
        assert.strictEqual(Result.isSuccess(read), Result.isSuccess(parsed), `${name} of ${JSON.stringify(value)}`)
        assert.deepStrictEqual(Result.getOrNull(read), Result.getOrNull(parsed))
      }
    },
    { arbitrary: { runs: 2000 } }
  )

  it("copies nothing that needs no change", () => {
    const contact = { profile: { name: "Ida", username: "ida" }, wa_id: "16505550177", user_id: "US.1" }
    const read = Wire.Quick.decodeUnknownResult(Wire.Contact.Contact)
    assert.strictEqual<unknown>(Result.getOrNull(read(contact)), contact)
    const added = { ...contact, added_by_meta: 1 }
    assert.deepStrictEqual<unknown>(Result.getOrNull(read(added)), contact)
  })
})
