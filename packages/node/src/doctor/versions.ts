/** Node and the packages: there, new enough for each other, and one copy of each. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as SemVer from "effect/SemVer"
import * as SemVerRange from "effect/SemVerRange"
import { type Check, failure, ok, type Outcome, skipped, warning } from "./Check.ts"
import * as Installed from "./installed.ts"
import { Setup } from "./Setup.ts"

const core = "@effect-whatsapp/core"
const node = "@effect-whatsapp/node"

/** Whether a version is of a range; what cannot be read (`workspace:*`, a tag, a URL) is left to the package manager. */
const isOf = (version: string, range: string): boolean =>
  Result.match(Result.all([SemVer.parse(version), SemVerRange.parse(range)]), {
    onFailure: () => true,
    onSuccess: ([found, wanted]) => SemVerRange.matches(wanted, found)
  })

const noProject = skipped("there is no package.json here")
const noModules = skipped("the packages are not in node_modules, but where Yarn's Plug'n'Play keeps them")

/** Skips outside a project, and where packages are not in folders. */
const inProject = <R>(look: (project: string, manifest: Installed.Manifest) => Effect.Effect<Outcome, never, R>) =>
  Effect.gen(function* () {
    const { project } = yield* Setup
    const manifest = yield* Installed.manifestOf(project)
    if (Option.isNone(manifest)) return noProject
    return (yield* Installed.isWithoutFolders(project)) ? noModules : yield* look(project, manifest.value)
  })

const nodeVersion: Check = {
  id: "versions.node",
  right: "Node is a version that the project and this package accept",
  why: "An older Node lacks what the server and the inbox are built on.",
  isRemote: false,
  needs: [],
  run: Effect.gen(function* () {
    const { nodeVersion, project } = yield* Setup
    const own = yield* Installed.manifestOf(project)
    const ours = yield* Installed.find(node, project)
    const ranges = [own, Option.map(ours, ({ manifest }) => manifest)].flatMap((manifest) =>
      Option.match(manifest, { onNone: () => [], onSome: ({ engines }) => engines?.node ?? [] })
    )
    const broken = ranges.find((range) => !isOf(nodeVersion, range))
    return broken === undefined
      ? ok(`Node ${nodeVersion}`)
      : failure(`Node ${nodeVersion} runs, and ${broken} is asked for`, `Install a Node of ${broken}.`)
  })
}

/** A package, and those through which a second copy of it could come. */
const onePackage = (name: string, why: string, users: ReadonlyArray<string>): Check => ({
  id: `versions.${name}`,
  right: `${name} is installed once, in a version that those who use it accept`,
  why,
  isRemote: false,
  needs: [],
  run: inProject((project, manifest) =>
    Effect.gen(function* () {
      const found = yield* Installed.find(name, project)
      const install = `Run: npm install ${name}`
      if (Option.isNone(found)) return failure(`${name} is not installed`, install)
      const { version = "unknown" } = found.value.manifest
      const wants: Array<readonly [who: string, range: string | undefined]> = [
        ["package.json", manifest.dependencies?.[name] ?? manifest.devDependencies?.[name]]
      ]
      for (const who of users) {
        const user = yield* Installed.find(who, project)
        if (Option.isNone(user)) continue
        const { folder, manifest } = user.value
        const seen = yield* Installed.find(name, folder)
        if (Option.isSome(seen) && seen.value.folder !== found.value.folder) {
          return failure(
            `there are two copies of ${name}: ${version}, and ${seen.value.manifest.version ?? "another"} for ${who}`,
            `Ask for one version of it everywhere, then run: npm dedupe`
          )
        }
        wants.push([who, manifest.peerDependencies?.[name] ?? manifest.dependencies?.[name]])
      }
      const broken = wants.find(([, range]) => range !== undefined && !isOf(version, range))
      return broken === undefined
        ? ok(`${name} ${version}`)
        : failure(
            `${name} is ${version}, and ${broken[0]} asks for ${broken[1]}`,
            `Run: npm install "${name}@${broken[1]}"`
          )
    })
  )
})

const together: Check = {
  id: "versions.together",
  right: "our two packages have the same version",
  why: "They are made for each other and published together.",
  isRemote: false,
  needs: [`versions.${core}`, `versions.${node}`],
  run: inProject((project) =>
    Effect.gen(function* () {
      const [one, other] = yield* Effect.forEach([core, node], (name) => Installed.find(name, project))
      const versionOf = (found: typeof one) =>
        Option.getOrUndefined(found ?? Option.none())?.manifest.version ?? "unknown"
      const [ofCore, ofNode] = [versionOf(one), versionOf(other)]
      return ofCore === ofNode
        ? ok(`both are ${ofCore}`)
        : failure(`${core} is ${ofCore} and ${node} is ${ofNode}`, `Run: npm install ${core}@latest ${node}@latest`)
    })
  )
}

const ofEffect3 = ["@effect/platform", "@effect/schema", "@effect/cli"]

const effect3: Check = {
  id: "versions.effect-3",
  right: "nothing of Effect 3 is installed beside Effect 4",
  why: "These packages are part of `effect` since version 4; the old ones bring a second world whose values do not mix.",
  isRemote: false,
  needs: [],
  run: inProject((_, { dependencies = {}, devDependencies = {} }) => {
    const found = ofEffect3.filter((name) => name in dependencies || name in devDependencies)
    return Effect.succeed(
      found.length === 0
        ? ok("no package of Effect 3")
        : warning(
            `package.json asks for ${found.join(", ")}, of Effect 3`,
            `Run: npm uninstall ${found.join(" ")}, and import from effect`
          )
    )
  })
}

const twoWorlds = "Services of one copy are not found by the other: what one provides, the other says is missing."

export const checks: ReadonlyArray<Check> = [
  nodeVersion,
  onePackage("effect", twoWorlds, [core, node, "@effect/platform-node"]),
  onePackage("@effect/platform-node", twoWorlds, [node]),
  onePackage(core, twoWorlds, [node]),
  onePackage(node, "It is the server, the inbox and this command.", []),
  together,
  effect3
]
