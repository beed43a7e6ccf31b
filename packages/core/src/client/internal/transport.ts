/**
 * Which transport errors prove that nothing was sent. Only what is listed does: everything else may have happened after
 * the request left, and then nobody knows whether Meta has it.
 */
import * as Predicate from "effect/Predicate"
import type { HttpClientError } from "effect/http/HttpClientError"

/** Codes of errors from before the first byte of the request: name, route, connection, certificate. */
const beforeSending: ReadonlySet<unknown> = new Set([
  // Name
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EAI_NONAME",
  "EAI_MEMORY",
  // Route and connection
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  // Bun
  "ConnectionRefused",
  "FailedToOpenSocket",
  // Certificate and handshake
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_CHAIN_TOO_LONG",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "HOSTNAME_MISMATCH",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_TLS_CERT_ALTNAME_FORMAT",
  "ERR_TLS_HANDSHAKE_TIMEOUT",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_TLSV1_UNRECOGNIZED_NAME"
])

/** Errors that have no code: `fetch` does not even try these ports. */
const messagesBeforeSending: ReadonlySet<unknown> = new Set(["bad port"])

/** Codes that prove it only for the system call that connects. */
const whileConnecting: ReadonlySet<unknown> = new Set(["ETIMEDOUT", "ECONNRESET", "EACCES", "EPERM"])

const member = (cause: object, key: string): unknown => (Predicate.hasProperty(cause, key) ? cause[key] : undefined)

const codeOf = (cause: unknown, depth: number): string | undefined => {
  if (!Predicate.isObject(cause) || depth === 0) return undefined
  const code = member(cause, "code")
  const errors = member(cause, "errors")
  const message = member(cause, "message")
  if (Array.isArray(errors) && errors.length > 0) {
    // One error for each address of the host: nothing was sent when that holds for all.
    const codes = errors.map((error) => codeOf(error, depth - 1))
    return codes.includes(undefined) ? undefined : codes[0]
  }
  if (typeof code === "string") {
    return beforeSending.has(code) || (whileConnecting.has(code) && member(cause, "syscall") === "connect")
      ? code
      : undefined
  }
  if (typeof message === "string" && messagesBeforeSending.has(message)) return message
  return codeOf(member(cause, "cause"), depth - 1)
}

/** Why nothing was sent, or `undefined` when something may have been. */
export const nothingSent = ({ reason }: HttpClientError): string | undefined => {
  switch (reason._tag) {
    case "EncodeError":
    case "InvalidUrlError":
      return reason._tag
    case "TransportError":
      return codeOf(reason.cause, 8)
    default:
      return undefined
  }
}
