/** Every command, without anything that runs it. Each is loaded when it is wanted: no call waits for what others need. */
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"

const loaders = {
  init: async () => (await import("./init.ts")).init,
  add: async () => (await import("./add.ts")).add,
  doctor: async () => (await import("./doctor.ts")).doctor,
  listen: async () => (await import("./listen.ts")).listen,
  send: async () => (await import("./send.ts")).send,
  inbox: async () => (await import("./inbox.ts")).inbox,
  replay: async () => (await import("./replay.ts")).replay,
  templates: async () => (await import("./templates.ts")).templates,
  mcp: async () => (await import("./mcp.ts")).mcp
}

/** In the order in which the help lists them. */
const names = Struct.keys(loaders)

const load = (wanted: ReadonlyArray<keyof typeof loaders>) =>
  Effect.forEach(wanted, (name) => Effect.promise(async () => await loaders[name]()))

/** All of them. */
export const all = load(names)

/** Those that a call is about: the one that it names first, none for the version alone, else all, as the help lists them. */
export const calledBy = (args: ReadonlyArray<string>): typeof all => {
  const [first] = args
  if (args.length === 1 && first === "--version") return load([])
  // Wherever it stands, it completes every command.
  if (args.some((arg) => arg.startsWith("--completions"))) return all
  const called = names.filter((name) => name === first)
  return called.length === 0 ? all : load(called)
}
