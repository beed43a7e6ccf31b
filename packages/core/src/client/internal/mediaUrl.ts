/** To whom a media URL may lead, and who of them may see the access token. */
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"

/** Meta's own domains from which media is served; their subdomains are Meta's, too. */
const metaDomains = ["facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net"]

const isMeta = ({ hostname, port, protocol }: URL): boolean =>
  protocol === "https:" &&
  port === "" &&
  metaDomains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))

/** A URL that can be fetched; `undefined` when it is none. One with credentials is nobody's that we know. */
export const parse = (text: string, base?: string): URL | undefined => {
  const url = URL.parse(text, base)
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined
  return url.username === "" && url.password === "" ? url : undefined
}

/** Whether the access token may go there: over https to Meta, or to where the whole API is. */
export const isTrusted = (config: WhatsAppConfig["Service"], url: URL): boolean =>
  isMeta(url) || url.origin === URL.parse(config.apiUrl)?.origin
