/** What Meta may take and advises against: where its pages name two limits, everything between them. */
import { count, type Limit, limits } from "./limits.ts"
import type { Message } from "./Message.ts"

const over = (field: string, { advised, unit }: Limit, size: number): ReadonlyArray<string> =>
  advised === undefined || size <= advised ? [] : [`${field}: at most ${advised} ${unit} are advised, got ${size}`]

/**
 * What is over a limit that Meta advises, and under the one it enforces: such a message is sent, and may be refused or
 * cut off on a phone. Names fields and numbers, and nothing of what is said. `WhatsAppClient.send` logs it.
 *
 * **Example** (A long list)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const sections = [{ rows: [{ id: "s1", title: "09–11" }] }]
 * const slots = Message.list({ body: "a".repeat(1500), button: "Slots", sections })
 *
 * Message.warnings(slots) // => ["interactive.body.text: at most 1024 characters are advised, got 1500"]
 * ```
 */
export const warnings = (message: Message): ReadonlyArray<string> => {
  if (message.type !== "interactive") return []
  const { interactive } = message
  switch (interactive.type) {
    case "list":
      return over("interactive.body.text", limits["list.body"], count(interactive.body.text))
    case "flow": {
      const { flow_cta } = interactive.action.parameters
      return over("interactive.action.parameters.flow_cta", limits["flow.flow_cta"], count(flow_cta))
    }
    default:
      return []
  }
}
