/** `npm start`: the bot, with the variables of the environment and of `.env`. */
import { NodeRuntime } from "@effect/platform-node"
import { Layer } from "effect"
import { Client, Owner, Stores } from "./whatsapp/config.ts"
import { Bot } from "./whatsapp/listeners.ts"
import { Webhook } from "./whatsapp/webhook.ts"

const Main = Webhook.pipe(Layer.provide(Bot), Layer.provide([Client, Owner, Stores]))

NodeRuntime.runMain(Layer.launch(Main))
