/** Starts the command line. Imports nothing of it before Node is known to be new enough: an older one fails inside of it. */
import process from "node:process"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

if (major > 22 || (major === 22 && minor >= 19)) await import("./main.ts")
else {
  process.stderr.write(
    `effect-whatsapp needs Node 22.19 or newer, and this is ${process.versions.node}: install one from nodejs.org\n`
  )
  process.exitCode = 1
}
