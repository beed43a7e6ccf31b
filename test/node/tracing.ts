/** A tracer that keeps what it is told, for tests. */
import { Cause, Exit, Tracer } from "effect"

export const makeRecorder = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const named = (name: string) => spans.filter((span) => span.name === name)
  const ending = ({ status }: Tracer.NativeSpan) =>
    status._tag === "Ended" && Exit.isFailure(status.exit) ? Cause.pretty(status.exit.cause) : status._tag
  return {
    spans,
    tracer,
    /** Those of that name, in the order in which they began. */
    named,
    /** The first of that name. */
    first: (name: string): Tracer.NativeSpan => {
      const [span] = named(name)
      if (span === undefined) throw new Error(`There is no span ${name}, only ${spans.map((it) => it.name).join(", ")}`)
      return span
    },
    /** All that an exporter could tell of them. */
    printed: () =>
      JSON.stringify(
        spans.map((span) => [
          span.name,
          [...span.attributes],
          span.events.map(([name, , attributes]) => [name, attributes]),
          span.links.map(({ attributes }) => attributes),
          ending(span)
        ])
      )
  }
}
