/** The variables of the environment: what reads them, where they come from, and which of them are secrets. */
import { apiVersions, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { OwnerResolver } from "@effect-whatsapp/core/services"
import type * as Config from "effect/Config"
import { portVariable } from "../server/internal/port.ts"
import * as WebhookConfig from "../webhook/WebhookConfig.ts"

export interface Variable {
  /** Reads and checks it as a program does. */
  readonly config: Config.Config<unknown>
  /** What cannot be done without it, or what stands in its place. */
  readonly without:
    | { readonly cannot: "send" | "receive" | "startUpload" | "manage the account" }
    | { readonly default: string }
  /** Whether its value must never be shown. */
  readonly isSecret: boolean
  readonly what: string
  /** Where its value comes from, for who has none yet. */
  readonly from?: string
  /** A value that has the right shape and is nobody's: for a file that is to be filled in. */
  readonly placeholder: string
}

/** Every variable that a layer named `layerConfig`, or a command, reads. */
export const variables = {
  WHATSAPP_ACCESS_TOKEN: {
    config: WhatsAppConfig.variables.accessToken,
    without: { cannot: "send" },
    isSecret: true,
    what: "access token",
    from: "Business settings › System users › a token for your app; to try, the temporary token in API setup",
    placeholder: "your-access-token"
  },
  WHATSAPP_PHONE_NUMBER_ID: {
    config: WhatsAppConfig.variables.defaultNumber,
    without: { cannot: "send" },
    isSecret: false,
    what: "id of the number that sends, which is not the number",
    from: "App dashboard › WhatsApp › API setup: the id below the number",
    placeholder: "your-phone-number-id"
  },
  WHATSAPP_APP_SECRET: {
    config: WebhookConfig.variables.appSecrets,
    without: { cannot: "receive" },
    isSecret: true,
    what: "app secret; several, comma separated",
    from: "App dashboard › App settings › Basic › App secret",
    placeholder: "your-app-secret"
  },
  WHATSAPP_VERIFY_TOKEN: {
    config: WebhookConfig.variables.verifyToken,
    without: { cannot: "receive" },
    isSecret: true,
    what: "what Meta shows in the handshake",
    from: "you make it up: any text, the same as in App dashboard › WhatsApp › Configuration",
    placeholder: "your-verify-token"
  },
  WHATSAPP_OWNER_PHONES: {
    config: OwnerResolver.variables.phones,
    without: { default: "nobody" },
    isSecret: false,
    what: "phones of the owners, with country code, comma separated, in any spelling",
    placeholder: "+1 555 123 0000"
  },
  WHATSAPP_OWNER_USER_IDS: {
    config: OwnerResolver.variables.userIds,
    without: { default: "nobody" },
    isSecret: false,
    what: "business-scoped user ids of the owners, comma separated",
    placeholder: "US.48210773395516620014"
  },
  WHATSAPP_WEBHOOK_PATH: {
    config: WebhookConfig.variables.path,
    without: { default: `\`${WebhookConfig.defaultPath}\`` },
    isSecret: false,
    what: "path of the two endpoints",
    placeholder: WebhookConfig.defaultPath
  },
  WHATSAPP_API_VERSION: {
    config: WhatsAppConfig.variables.apiVersion,
    without: { default: `\`${WhatsAppConfig.defaultApiVersion}\`` },
    isSecret: false,
    what: `version of the Graph API; Meta serves ${WhatsAppConfig.defaultApiVersion} until ${apiVersions[WhatsAppConfig.defaultApiVersion]?.sunset}`,
    placeholder: WhatsAppConfig.defaultApiVersion
  },
  WHATSAPP_API_URL: {
    config: WhatsAppConfig.variables.apiUrl,
    without: { default: `\`${WhatsAppConfig.defaultApiUrl}\`` },
    isSecret: false,
    what: "where the Graph API is; may carry a path",
    placeholder: WhatsAppConfig.defaultApiUrl
  },
  WHATSAPP_APP_ID: {
    config: WhatsAppConfig.variables.appId,
    without: { cannot: "startUpload" },
    isSecret: false,
    what: "id of the app",
    from: "App dashboard › App settings › Basic › App ID",
    placeholder: "1234567890123456"
  },
  WHATSAPP_BUSINESS_ACCOUNT_ID: {
    config: WhatsAppConfig.variables.businessAccountId,
    without: { cannot: "manage the account" },
    isSecret: false,
    what: "id of the WhatsApp Business Account",
    from: "App dashboard › WhatsApp › API setup: the id beside the phone number id",
    placeholder: "2345678901234567"
  },
  PORT: {
    config: portVariable,
    without: { default: "3000" },
    isSecret: false,
    what: "port to listen on; 0 takes a free one",
    placeholder: "3000"
  }
} as const satisfies { readonly [name: string]: Variable }
