/** Whatever is wrong is one line on standard error: a wrong call with the way to the help, instead of the whole help. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CliOutput from "effect/cli/CliOutput"

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ", ")

const Presenter = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.andThen(
          // One mistake makes others, such as one for each letter of a text that starts with a dash.
          Effect.forEach(event.errors.slice(0, 1), ({ message }) => Console.error(oneLine(message)), { discard: true }),
          Console.error(`See: ${event.commandPath.join(" ")} --help`)
        )
      : CliOutput.defaultPresenter.present(event)
})

const { formatCliError, formatErrors, formatHelpDoc, formatVersion } = CliOutput.defaultFormatter()
const Formatter = CliOutput.layer({
  formatCliError,
  formatErrors,
  formatHelpDoc,
  formatVersion,
  formatError: ({ message }) => oneLine(message)
})

/** Layer that presents what the commands of `effect/cli` have to say. */
export const presenter = Layer.merge(Presenter, Formatter)
