import * as Schema from "effect/Schema"

/** What a tool could not do, in words for the agent that asked. */
export class ToolError extends Schema.TaggedError<ToolError>()("ToolError", { message: Schema.String }) {}
