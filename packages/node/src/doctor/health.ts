/** Meta's own view of whether messages can be sent. Meta page: "Messaging Health Status". */
import type { Account } from "@effect-whatsapp/core/client"
import { failure, ok, type Outcome, skipped, warning } from "./Check.ts"

/** What holds back those of the entities that are meant, apart from the codes that another check tells. */
export const blocked = (
  health: Account.Health | undefined,
  isMeant: (type: string) => boolean,
  isTold: (code: number | undefined) => boolean = () => false
): Outcome => {
  if (health === undefined) return skipped("Meta does not tell")
  const meant = health.entities.filter(({ type }) => isMeant(type))
  if (meant.length === 0) return skipped("Meta does not tell")
  for (const { canSend, errors, type } of meant) {
    if (canSend === "AVAILABLE" || (errors.length > 0 && errors.every(({ code }) => isTold(code)))) continue
    const { code, description, solution } = errors.find((error) => !isTold(error.code)) ?? {}
    const said = [description, code === undefined ? undefined : `Meta's code ${code}`].filter((it) => it !== undefined)
    return (canSend === "BLOCKED" ? failure : warning)(
      `sending is ${canSend} for the ${type}${said.length === 0 ? "" : `: ${said.join(", ")}`}`,
      solution ?? "See WhatsApp Manager › Overview."
    )
  }
  return ok("sending is AVAILABLE")
}
