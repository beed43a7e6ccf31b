import { defineConfig } from "vitest/config"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`The tests need Node 22.19 or newer, and this is ${process.version}: start them with npm test.`)
  process.exit(1)
}

// The tests run on the sources, so that no build can be stale.
const conditions = ["effect-whatsapp-source"]
const reports = process.env["TEST_REPORTS"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    reporters:
      reports === undefined ? ["default"] : ["default", ["json", { outputFile: `${reports}/${process.pid}.json` }]],
    projects: [
      {
        extends: true,
        test: {
          name: "normal",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.long.test.ts", "**/node_modules/**"]
        }
      },
      { extends: true, test: { name: "long", include: ["test/**/*.long.test.ts"], testTimeout: 120_000 } }
    ]
  }
})
