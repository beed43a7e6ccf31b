import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Folder from "../../../packages/node/src/scaffold/folder.ts"

const files = [
  { path: "package.json", content: "{}\n" },
  { path: "src/whatsapp/config.ts", content: "export {}\n" }
]

/** A folder of its own, which is removed with the scope. */
const home = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-folder-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const places = Effect.fnUntraced(function* (directory: string) {
  return (yield* Folder.plan(directory, files)).map(({ place }) => place)
}, Effect.provide(NodeServices.layer))

const write = (directory: string, some = files) => Effect.provide(Folder.write(directory, some), NodeServices.layer)
const reason = <A>(run: Effect.Effect<A, Folder.FolderError>) => Effect.map(Effect.flip(run), ({ message }) => message)

it.effect("makes the folder and those above it, and leaves nothing but the files", () =>
  Effect.gen(function* () {
    const cwd = yield* home
    const folder = join(cwd, "deep/er")
    assert.deepStrictEqual(yield* places(folder), ["free", "free"])
    yield* write(folder)
    assert.deepStrictEqual(readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted(), [
      "package.json",
      "src",
      "src/whatsapp",
      "src/whatsapp/config.ts"
    ])
    assert.deepStrictEqual(yield* places(folder), ["same", "same"])
    writeFileSync(join(folder, "package.json"), "mine")
    assert.deepStrictEqual(yield* places(folder), ["taken", "same"])
  })
)

it.effect("moves no file into its place before all are written, and leaves whole files when that fails", () =>
  Effect.gen(function* () {
    const cwd = yield* home
    const tooLong = { path: "a".repeat(300), content: "" }
    mkdirSync(join(cwd, "b"))
    assert.include(yield* reason(write(cwd, [...files, { path: "b", content: "" }, tooLong])), "b cannot be written")
    assert.deepStrictEqual(readdirSync(cwd), ["b", "package.json", "src"])
    for (const { content, path } of files) assert.strictEqual(readFileSync(join(cwd, path), "utf8"), content)
  })
)

it.effect("refuses a place that cannot be a folder", () =>
  Effect.gen(function* () {
    const cwd = yield* home
    writeFileSync(join(cwd, "file"), "")
    symlinkSync("nowhere", join(cwd, "dangling"))
    assert.include(yield* reason(places(join(cwd, "file"))), "is a file")
    assert.include(yield* reason(places(join(cwd, "file/deeper"))), "no folder")
    assert.include(yield* reason(places(join(cwd, "a".repeat(300)))), "refused")
    assert.include(yield* reason(write(join(cwd, "dangling"))), "there is no such place")
    assert.deepStrictEqual(readdirSync(cwd), ["dangling", "file"])
  })
)

it.effect.skipIf(!existsSync("/proc/self"))("does not wait for ever where the system takes no folders", () =>
  Effect.gen(function* () {
    assert.include(yield* reason(write("/proc/effect-whatsapp/my-bot")), "cannot be made")
    assert.include(yield* reason(write("/sys/my-bot")), "permission denied")
  })
)

it.effect("never goes through a link that leads out, and replaces none", () =>
  Effect.gen(function* () {
    const cwd = yield* home
    const outside = join(cwd, "outside")
    mkdirSync(outside)
    writeFileSync(join(outside, "file"), "theirs")
    for (const [i, [place, target]] of (
      [
        ["src", outside],
        ["src", "../outside"],
        ["src", "nowhere"],
        ["package.json", join(outside, "file")],
        ["package.json", join(outside, "new")]
      ] as const
    ).entries()) {
      const folder = join(cwd, String(i))
      mkdirSync(folder)
      symlinkSync(target, join(folder, place))
      assert.include(yield* reason(places(folder)), place)
    }
    // A folder whose name begins like the one of the project is outside too.
    mkdirSync(join(cwd, "bot/"))
    mkdirSync(join(cwd, "bot-data"))
    symlinkSync("../bot-data", join(cwd, "bot/src"))
    assert.include(yield* reason(places(join(cwd, "bot"))), "leads out")
  })
)

it.effect("goes through links that stay inside, and one that the folder itself is", () =>
  Effect.gen(function* () {
    const cwd = yield* home
    mkdirSync(join(cwd, "real/code"), { recursive: true })
    symlinkSync("code", join(cwd, "real/src"))
    symlinkSync("real", join(cwd, "linked"))
    assert.deepStrictEqual(yield* places(join(cwd, "linked")), ["free", "free"])
    yield* write(join(cwd, "linked"))
    assert.isTrue(existsSync(join(cwd, "real/code/whatsapp/config.ts")))
  })
)

it.effect("refuses what is no plain file in the place of one, without reading it", () =>
  Effect.gen(function* () {
    const cwd = yield* home
    mkdirSync(join(cwd, "a/package.json"), { recursive: true })
    assert.include(yield* reason(places(join(cwd, "a"))), "package.json is in the way")
    mkdirSync(join(cwd, "b"))
    writeFileSync(join(cwd, "b/src"), "")
    assert.include(yield* reason(places(join(cwd, "b"))), "src is in the way")
    mkdirSync(join(cwd, "c"))
    execFileSync("mkfifo", [join(cwd, "c/package.json")])
    assert.include(yield* reason(places(join(cwd, "c"))), "package.json is in the way")
  })
)
