/** The values of the fields about what a business runs on WhatsApp: flows, ads, payments, partners. */
import * as Schema from "effect/Schema"
import { MessageId } from "../domain/Ids.ts"
import { lenient, lenientArray, Number, ownId, Text, UnixSeconds } from "./scalars.ts"

/** Not the error object of messages. */
const FlowError = Schema.Struct({
  error_type: lenient(Text),
  error_rate: lenient(Number),
  error_count: lenient(Number)
})

/** Of `flows`. */
export const Flow = Schema.Struct({
  event: Text,
  flow_id: ownId(Schema.String),
  message: lenient(Text),
  old_status: lenient(Text),
  new_status: lenient(Text),
  alert_state: lenient(Text),
  threshold: lenient(Number),
  error_rate: lenient(Number),
  p50_latency: lenient(Number),
  p90_latency: lenient(Number),
  availability: lenient(Number),
  requests_count: lenient(Number),
  errors: lenient(lenientArray(FlowError))
})

const AutomaticEvent = Schema.Struct({
  id: ownId(MessageId),
  event_name: Text,
  timestamp: lenient(UnixSeconds),
  ctwa_clid: lenient(Text),
  custom_data: lenient(Schema.Struct({ currency: lenient(Text), value: lenient(Number) }))
})

/** Of `automatic_events`. */
export const AutomaticEvents = Schema.Struct({ automatic_events: Schema.Array(AutomaticEvent) })

/** Of `payment_configuration_update`. */
export const PaymentConfiguration = Schema.Struct({
  configuration_name: Text,
  provider_name: lenient(Text),
  provider_mid: lenient(Text),
  status: Text,
  created_timestamp: lenient(UnixSeconds),
  updated_timestamp: lenient(UnixSeconds)
})

/** Of `partner_solutions`. */
export const PartnerSolution = Schema.Struct({
  event: Text,
  solution_id: ownId(Schema.String),
  solution_status: lenient(Text)
})
