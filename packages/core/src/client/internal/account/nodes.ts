/** Nodes of the Graph API as what a program sees of them. All of it is read leniently: Meta adds, renames and omits. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { BusinessAccountId, PhoneNumberId, TemplateId } from "../../../domain/Ids.ts"
import type { WhatsAppError } from "../../../errors/WhatsAppError.ts"
import { present } from "../../../internal/present.ts"
import * as Scalars from "../../../wire/scalars.ts"
import type { Account, AccountTemplate, BusinessNumber, Health } from "../../Account.ts"
import { fields } from "./ask.ts"

type Decode<A> = (json: unknown) => Result.Result<A, SchemaIssue.Issue>

const { number, text } = fields

/** Reads a node, and what it was read from. */
const decoder = <A, B>(schema: Schema.Codec<A, unknown>, make: (node: A, raw: Schema.JsonObject) => B): Decode<B> => {
  const parse = SchemaParser.decodeUnknownResult(schema)
  const parseRaw = SchemaParser.decodeUnknownResult(Schema.JsonObject)
  return (json) => Result.flatMap(parseRaw(json), (raw) => Result.map(parse(json), (node) => make(node, raw)))
}

const HealthError = Schema.Struct({ error_code: number, error_description: text, possible_solution: text })
const Entity = Schema.Struct({
  entity_type: Scalars.Text,
  id: text,
  can_send_message: Scalars.Text,
  errors: Scalars.lenient(Scalars.lenientArray(HealthError))
})
const HealthStatus = Schema.Struct({
  can_send_message: Scalars.Text,
  entities: Scalars.lenient(Scalars.lenientArray(Entity))
})

const readHealth = (health: typeof HealthStatus.Type | undefined): Health | undefined =>
  health === undefined
    ? undefined
    : {
        canSend: health.can_send_message,
        entities: (health.entities ?? []).flatMap((entity) =>
          entity === null
            ? []
            : [
                {
                  type: entity.entity_type,
                  canSend: entity.can_send_message,
                  ...present({ id: entity.id }),
                  errors: (entity.errors ?? []).flatMap((error) =>
                    error === null
                      ? []
                      : [
                          present({
                            code: error.error_code,
                            description: error.error_description,
                            solution: error.possible_solution
                          })
                        ]
                  )
                }
              ]
        )
      }

const Callbacks = Scalars.lenient(
  Schema.Struct({ phone_number: text, whatsapp_business_account: text, application: text })
)

const NumberNode = Schema.Struct({
  id: Scalars.ownId(PhoneNumberId),
  display_phone_number: text,
  verified_name: text,
  status: text,
  quality_rating: text,
  code_verification_status: text,
  name_status: text,
  platform_type: text,
  account_mode: text,
  throughput: Scalars.lenient(Schema.Struct({ level: text })),
  webhook_configuration: Callbacks,
  health_status: Scalars.lenient(HealthStatus)
})

/** What is asked of a number. A version that does not know one of the second refuses them all. */
export const numberFields = {
  all:
    "id,display_phone_number,verified_name,status,quality_rating,code_verification_status," +
    "name_status,platform_type,account_mode,throughput,webhook_configuration,health_status",
  old: "id,display_phone_number,verified_name,quality_rating,code_verification_status"
}

export const decodeNumber = decoder(NumberNode, (node, raw): BusinessNumber => ({
  id: node.id,
  callbacks: present({
    number: node.webhook_configuration?.phone_number,
    account: node.webhook_configuration?.whatsapp_business_account,
    app: node.webhook_configuration?.application
  }),
  ...present({
    displayPhoneNumber: node.display_phone_number,
    verifiedName: node.verified_name,
    status: node.status,
    qualityRating: node.quality_rating,
    verificationStatus: node.code_verification_status,
    nameStatus: node.name_status,
    platform: node.platform_type,
    mode: node.account_mode,
    throughput: node.throughput?.level,
    health: readHealth(node.health_status)
  }),
  raw
}))

export const accountFields = {
  all: "id,name,currency,country,account_review_status,business_verification_status,primary_funding_id,health_status",
  old: "id,name,currency"
}

const AccountNode = Schema.Struct({
  id: Scalars.ownId(BusinessAccountId),
  name: text,
  currency: text,
  country: text,
  account_review_status: text,
  business_verification_status: text,
  primary_funding_id: text,
  health_status: Scalars.lenient(HealthStatus)
})

export const decodeAccount = decoder(AccountNode, (node, raw): Account => ({
  id: node.id,
  ...present({
    name: node.name,
    currency: node.currency,
    country: node.country,
    reviewStatus: node.account_review_status,
    verificationStatus: node.business_verification_status,
    fundingId: node.primary_funding_id,
    health: readHealth(node.health_status)
  }),
  raw
}))

export const templateFields =
  "id,name,language,category,sub_category,status,rejected_reason,quality_score," +
  "parameter_format,components,message_send_ttl_seconds"

const TemplateNode = Schema.Struct({
  id: Scalars.ownId(TemplateId),
  name: Scalars.Text,
  language: Scalars.Text,
  category: text,
  status: text,
  rejected_reason: text,
  quality_score: Scalars.lenient(Schema.Struct({ score: text }))
})

export const decodeTemplate = decoder(TemplateNode, (node, raw): AccountTemplate => ({
  id: node.id,
  name: node.name,
  language: node.language,
  ...present({
    category: node.category,
    status: node.status,
    rejectedReason: node.rejected_reason,
    quality: node.quality_score?.score
  }),
  raw
}))

/** A list of nodes; those that cannot be read are left out, since one odd one must not hide the others. */
export const listOf =
  <A>(decode: Decode<A>) =>
  (json: ReadonlyArray<unknown>): ReadonlyArray<A> =>
    json.flatMap((one) => Result.match(decode(one), { onFailure: () => [], onSuccess: (node) => [node] }))

/** Asks for all that is wanted, and for less where Meta does not know a part of it. */
export const withFewer = <A>(
  fields: { readonly all: string; readonly old: string },
  ask: (fields: string) => Effect.Effect<A, WhatsAppError>
): Effect.Effect<A, WhatsAppError> =>
  ask(fields.all).pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "InvalidParameter",
      () => ask(fields.old)
    )
  )
