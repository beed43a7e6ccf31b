/** `.env.example`, from the table of the variables. */
import { type Variable, variables } from "../project/variables.ts"

const all: ReadonlyArray<readonly [string, Variable]> = Object.entries(variables)

const head = `# Copy this file to .env, which git ignores, and fill that in. Whether all is right: effect-whatsapp doctor`

/** Read by the project's own config. */
const own = `# where the Redis of stores.redis is. Default: redis://127.0.0.1:6379
# REDIS_URL=redis://127.0.0.1:6379`

const isNeeded = ({ without }: Variable): boolean =>
  "cannot" in without && (without.cannot === "send" || without.cannot === "receive")

const entry = ([name, variable]: readonly [string, Variable]): string => {
  const { from, placeholder, what, without } = variable
  const fallback = "default" in without ? `. Default: ${without.default.replaceAll("`", "")}` : ""
  return [
    `# ${what}${fallback}`,
    ...(from === undefined ? [] : [`# ${from}`]),
    `${isNeeded(variable) ? "" : "# "}${name}=${placeholder}`
  ].join("\n")
}

/** What a bot cannot do without is to be filled in; the rest is there to be uncommented. */
export const envExample: string = [
  head,
  ...all.filter(([, variable]) => isNeeded(variable)).map(entry),
  ...all.filter(([, variable]) => !isNeeded(variable)).map(entry),
  own,
  ""
]
  .join("\n\n")
  .replace(/\n\n$/, "\n")
