/** How long tasks wait for a listener that nobody asks for. */
export const orphanedAfter = "1 hour"

/** Cause of a dead letter whose listener does not exist any more. */
export const noSuchListener = "NoSuchListener"
