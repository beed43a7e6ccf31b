/** The payload of a template message, whose variables Meta spreads over components. Meta page: "Template messages". */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { describe, limits } from "../../message/limits.ts"
import { Media } from "../../message/Media.ts"
import * as Message from "../../message/Message.ts"
import * as Template from "../../message/Template.ts"

// Parameters of a template, by `type`

const named = { parameter_name: Template.Text.fields.name }

/** A parameter's name in Meta's key, and back in ours. */
const toName = ({ name }: { readonly name?: string }) => (name === undefined ? {} : { parameter_name: name })
const fromName = ({ parameter_name }: { readonly parameter_name?: string }) =>
  parameter_name === undefined ? {} : { name: parameter_name }

const TextParameter = Schema.Struct({ type: Schema.Literal("text"), ...named, text: Schema.NonEmptyString }).pipe(
  Schema.decodeTo(
    Schema.toType(Template.Text),
    SchemaTransformation.transform({
      decode: (wire) => ({ _tag: "Text" as const, ...fromName(wire), text: wire.text }),
      encode: (ours) => ({ type: "text" as const, ...toName(ours), text: ours.text })
    })
  )
)

const CurrencyParameter = Schema.Struct({
  type: Schema.Literal("currency"),
  ...named,
  currency: Schema.Struct({
    fallback_value: Template.Currency.fields.fallback,
    code: Template.Currency.fields.code,
    amount_1000: Template.Currency.fields.amount1000
  })
}).pipe(
  Schema.decodeTo(
    Schema.toType(Template.Currency),
    SchemaTransformation.transform({
      decode: ({ currency, ...wire }) => ({
        _tag: "Currency" as const,
        ...fromName(wire),
        code: currency.code,
        amount1000: currency.amount_1000,
        fallback: currency.fallback_value
      }),
      encode: ({ amount1000, code, fallback, ...ours }) => ({
        type: "currency" as const,
        ...toName(ours),
        currency: { fallback_value: fallback, code, amount_1000: amount1000 }
      })
    })
  )
)

const DateTimeParameter = Schema.Struct({
  type: Schema.Literal("date_time"),
  ...named,
  // The calendar members of old samples are not modelled: WhatsApp shows `fallback_value` in any case.
  date_time: Schema.Struct({ fallback_value: Template.DateTime.fields.fallback })
}).pipe(
  Schema.decodeTo(
    Schema.toType(Template.DateTime),
    SchemaTransformation.transform({
      decode: ({ date_time, ...wire }) => ({
        _tag: "DateTime" as const,
        ...fromName(wire),
        fallback: date_time.fallback_value
      }),
      encode: (ours) => ({
        type: "date_time" as const,
        ...toName(ours),
        date_time: { fallback_value: ours.fallback }
      })
    })
  )
)

const ImageParameter = Schema.Struct({ type: Schema.Literal("image"), ...named, image: Media }).pipe(
  Schema.decodeTo(
    Schema.toType(Template.Image),
    SchemaTransformation.transform({
      decode: (wire) => ({ _tag: "Image" as const, ...fromName(wire), media: wire.image }),
      encode: (ours) => ({ type: "image" as const, ...toName(ours), image: ours.media })
    })
  )
)

const VideoParameter = Schema.Struct({ type: Schema.Literal("video"), ...named, video: Media }).pipe(
  Schema.decodeTo(
    Schema.toType(Template.Video),
    SchemaTransformation.transform({
      decode: (wire) => ({ _tag: "Video" as const, ...fromName(wire), media: wire.video }),
      encode: (ours) => ({ type: "video" as const, ...toName(ours), video: ours.media })
    })
  )
)

const file = { filename: Template.Document.fields.filename }
const DocumentParameter = Schema.Struct({
  type: Schema.Literal("document"),
  ...named,
  document: Schema.Union([
    Media.members[0].pipe(Schema.fieldsAssign(file)),
    Media.members[1].pipe(Schema.fieldsAssign(file))
  ])
}).pipe(
  Schema.decodeTo(
    Schema.toType(Template.Document),
    SchemaTransformation.transform({
      decode: ({ document: { filename, ...media }, ...wire }) => ({
        _tag: "Document" as const,
        ...fromName(wire),
        media,
        ...(filename === undefined ? {} : { filename })
      }),
      encode: ({ filename, media, ...ours }) => ({
        type: "document" as const,
        ...toName(ours),
        document: { ...media, ...(filename === undefined ? {} : { filename }) }
      })
    })
  )
)

const modelled = (what: string, names: ReadonlyArray<string>) => ({
  message: `Expected ${what} that is modelled: ${names.join(", ")}`
})

const HeaderParameter = Schema.Union([TextParameter, ImageParameter, VideoParameter, DocumentParameter]).annotate(
  modelled("a type of header parameter", ["text", "image", "video", "document"])
)
const BodyParameter = Schema.Union([TextParameter, CurrencyParameter, DateTimeParameter]).annotate(
  modelled("a type of body parameter", ["text", "currency", "date_time"])
)

// Components of a template, by `type`

const Header = Schema.Struct({ type: Schema.Literal("header"), parameters: Schema.Tuple([HeaderParameter]) })
const Body = Schema.Struct({ type: Schema.Literal("body"), parameters: Schema.NonEmptyArray(BodyParameter) })

/** Meta writes the index as a string. */
const index = Schema.String.check(
  Schema.isPattern(/^[0-9]$/, { expected: describe(limits["template.button.index"]) })
).pipe(
  Schema.decodeTo(Template.QuickReply.fields.index, {
    decode: SchemaGetter.transform(Number),
    encode: SchemaGetter.transform(String)
  })
)
const button = <T extends string>(sub_type: T) => ({
  type: Schema.Literal("button"),
  sub_type: Schema.Literal(sub_type),
  index
})

const QuickReply = Schema.Struct({
  ...button("quick_reply"),
  parameters: Schema.Tuple([
    Schema.Struct({ type: Schema.Literal("payload"), payload: Template.QuickReply.fields.payload })
  ])
}).pipe(
  Schema.decodeTo(
    Schema.toType(Template.QuickReply),
    SchemaTransformation.transform({
      decode: ({ index, parameters: [{ payload }] }) => ({ _tag: "QuickReply" as const, index, payload }),
      encode: ({ index, payload }) => ({
        type: "button" as const,
        sub_type: "quick_reply" as const,
        index,
        parameters: [{ type: "payload" as const, payload }] as const
      })
    })
  )
)

const Url = Schema.Struct({
  ...button("url"),
  parameters: Schema.Tuple([Schema.Struct({ type: Schema.Literal("text"), text: Template.Url.fields.suffix })])
}).pipe(
  Schema.decodeTo(
    Schema.toType(Template.Url),
    SchemaTransformation.transform({
      decode: ({ index, parameters: [{ text }] }) => ({ _tag: "Url" as const, index, suffix: text }),
      encode: ({ index, suffix }) => ({
        type: "button" as const,
        sub_type: "url" as const,
        index,
        parameters: [{ type: "text" as const, text: suffix }] as const
      })
    })
  )
)

const CopyCode = Schema.Struct({
  ...button("copy_code"),
  parameters: Schema.Tuple([
    Schema.Struct({ type: Schema.Literal("coupon_code"), coupon_code: Template.CopyCode.fields.code })
  ])
}).pipe(
  Schema.decodeTo(
    Schema.toType(Template.CopyCode),
    SchemaTransformation.transform({
      decode: ({ index, parameters: [{ coupon_code }] }) => ({ _tag: "CopyCode" as const, index, code: coupon_code }),
      encode: ({ code, index }) => ({
        type: "button" as const,
        sub_type: "copy_code" as const,
        index,
        parameters: [{ type: "coupon_code" as const, coupon_code: code }] as const
      })
    })
  )
)

const Component = Schema.Union([Header, Body, QuickReply, Url, CopyCode]).annotate(
  modelled("a component", ["header", "body", "button (quick_reply, url, copy_code)"])
)

const template = Template.Template.fields

const Payload = Schema.Struct({
  name: template.name,
  language: Schema.Struct({
    code: template.language,
    /** The only policy there is; read, and left out. */
    policy: Schema.optionalKey(Schema.Literal("deterministic"))
  }),
  components: Schema.optionalKey(Schema.Array(Component))
})
type Payload = typeof Payload.Type

/** The one component of its kind. */
const only = <A>(type: string, components: ReadonlyArray<A>): Effect.Effect<A | undefined, SchemaIssue.Issue> =>
  components.length > 1
    ? Effect.fail(
        new SchemaIssue.Pointer(["components"], new SchemaIssue.InvalidValue({ expected: `one ${type} component` }))
      )
    : Effect.succeed(components[0])

const isHeader = Schema.is(Header)
const isBody = Schema.is(Body)
const isButton = Schema.is(Template.Button)

const read = Effect.fnUntraced(function* ({ components = [], language, name }: Payload) {
  const header = yield* only("header", components.filter(isHeader))
  const body = yield* only("body", components.filter(isBody))
  return Message.template({
    name,
    language: language.code,
    header: header?.parameters[0],
    body: body?.parameters,
    buttons: components.filter(isButton)
  })
})

const write = ({ template: { body, buttons, header, language, name } }: Message.TemplateMessage): Payload => {
  const components: Payload["components"] = [
    ...(header === undefined ? [] : [{ type: "header" as const, parameters: [header] as const }]),
    ...(body === undefined ? [] : [{ type: "body" as const, parameters: body }]),
    ...(buttons ?? [])
  ]
  return { name, language: { code: language }, ...(components.length === 0 ? {} : { components }) }
}

/** Schema for what stands under `template`. */
export const templatePayload = Payload.pipe(
  Schema.decodeTo(Schema.toType(Message.TemplateMessage), {
    decode: SchemaGetter.transformEffect(read),
    encode: SchemaGetter.transform(write)
  })
)
