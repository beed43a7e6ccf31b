/**
 * Does something once for all that asked for it. The first who asks in a turn of the event loop is served when it has
 * run to its end, and all others of the same turn together at the end of the turn.
 */
export const make = (act: () => void): (() => void) => {
  let asked = false
  let served = false
  const serve = () => {
    asked = false
    act()
  }
  return () => {
    if (asked) return
    asked = true
    if (served) return void setImmediate(serve)
    served = true
    setImmediate(() => {
      served = false
    })
    queueMicrotask(serve)
  }
}
