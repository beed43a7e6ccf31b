/**
 * Which transport errors prove that nothing was sent. Only what is listed does: everything else may have happened after
 * the request left, and then nobody knows whether Meta has it.
 */
import * as Predicate from "effect/Predicate"
import type { HttpClientError } from "effect/http/HttpClientError"

/**
 * Codes of errors from before the first byte of the request, whatever was called. What the record layer of TLS complains
 * about is not among them: clear text or an alert that comes after the request looks the same as one during the handshake.
 */
const beforeSending: ReadonlySet<unknown> = new Set([
  // Name
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EAI_NONAME",
  "EAI_MEMORY",
  // Connection: undici and Bun, which name no system call, say this of no other
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
  // Certificate: it is verified before anything is written
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
  "ERR_TLS_CERT_ALTNAME_FORMAT"
])

/** Errors that have no code: `fetch` does not even try these ports. */
const messagesBeforeSending: ReadonlySet<unknown> = new Set(["bad port"])

/** Codes that prove it only for the system call that connects: a route may be lost after the request left. */
const whileConnecting: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ETIMEDOUT",
  "ECONNRESET",
  "EACCES",
  "EPERM"
])

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
