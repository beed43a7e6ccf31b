import { assert, describe, it } from "@effect/vitest"
import { Message, Template } from "@effect-whatsapp/core/message"
import { Effect, Schema } from "effect"

const decode = Schema.decodeUnknownEffect(Template.DescriptionFromNode)
const node = (components: ReadonlyArray<unknown>, rest: object = {}) => ({
  name: "order_update",
  language: "en_US",
  components,
  ...rest
})
const base = { name: "order_update", language: "en_US" }

/** The example that covers most kinds, with what Meta adds when it is read. */
const example = node(
  [
    {
      type: "HEADER",
      format: "TEXT",
      text: "Order {{order_no}}",
      example: { header_text_named_params: [{ param_name: "order_no", example: "A-31" }] }
    },
    {
      type: "BODY",
      text: "Hi {{first_name}}, it ships today.",
      example: { body_text_named_params: [{ param_name: "first_name", example: "Ana" }] }
    },
    { type: "FOOTER", text: "Shop Example" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "QUICK_REPLY", text: "Stop" },
        { type: "URL", text: "Track", url: "https://shop.example/t/{{1}}", example: ["t/77"] },
        { type: "PHONE_NUMBER", text: "Call", phone_number: "+4930123456" }
      ]
    }
  ],
  {
    id: "990117744",
    status: "APPROVED",
    category: "UTILITY",
    parameter_format: "NAMED",
    quality_score: { score: "GREEN" }
  }
)

describe("a template of Meta's", () => {
  it.effect.each([
    [
      "with texts and buttons",
      example,
      {
        ...base,
        category: "utility",
        header: { type: "text", text: "Order {{order_no}}" },
        body: "Hi {{first_name}}, it ships today.",
        footer: "Shop Example",
        buttons: [
          { type: "quick_reply", text: "Stop" },
          { type: "url", text: "Track", url: "https://shop.example/t/{{1}}" },
          { type: "phone_number", text: "Call", phoneNumber: "+4930123456" }
        ]
      }
    ],
    ["with nothing", node([]), base],
    [
      "with each kind of header",
      ["IMAGE", "VIDEO", "GIF", "DOCUMENT", "LOCATION", "PRODUCT"].map((format) => node([{ type: "HEADER", format }])),
      ["image", "video", "gif", "document", "location", "product"].map((type) => ({ ...base, header: { type } }))
    ],
    [
      "with each kind of button",
      node([
        {
          type: "BUTTONS",
          buttons: [
            { type: "COPY_CODE", text: "Copy offer code", example: ["SPRING25"] },
            { type: "FLOW", text: "Book", flow_id: "1", flow_action: "NAVIGATE", navigate_screen: "START" },
            { type: "MPM", text: "View items" },
            { type: "SPM", text: "View" },
            { type: "CATALOG", text: "View catalog" },
            { type: "ORDER_DETAILS", text: "Pay" },
            { type: "VOICE_CALL", text: "Call", ttl_minutes: 60 },
            { type: "APP", text: "Open" },
            { type: "REQUEST_CONTACT_INFO" }
          ]
        }
      ]),
      {
        ...base,
        buttons: [
          { type: "copy_code", text: "Copy offer code" },
          { type: "flow", text: "Book" },
          { type: "mpm", text: "View items" },
          { type: "spm", text: "View" },
          { type: "catalog", text: "View catalog" },
          { type: "order_details", text: "Pay" },
          { type: "voice_call", text: "Call" },
          { type: "app", text: "Open" },
          { type: "request_contact_info" }
        ]
      }
    ],
    [
      "of a one-time password, whose button Meta gives back as a link",
      node(
        [
          { type: "BODY", text: "*{{1}}* is your verification code.", add_security_recommendation: true },
          { type: "FOOTER", text: "Expires in 5 minutes.", code_expiration_minutes: 5 },
          {
            type: "BUTTONS",
            buttons: [{ type: "URL", text: "Copy code", url: "https://www.whatsapp.com/otp/code/?code=otp{{1}}" }]
          }
        ],
        { category: "AUTHENTICATION" }
      ),
      {
        ...base,
        category: "authentication",
        body: "*{{1}}* is your verification code.",
        footer: "Expires in 5 minutes.",
        buttons: [{ type: "otp", text: "Copy code" }]
      }
    ],
    [
      "with cards",
      node([
        { type: "BODY", text: "Hi" },
        {
          type: "CAROUSEL",
          cards: [
            {
              components: [
                { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::a"] } },
                { type: "BODY", text: "{{1}} off" },
                { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "More" }] }
              ]
            },
            { components: [{ type: "HEADER", format: "PRODUCT" }] }
          ]
        }
      ]),
      {
        ...base,
        body: "Hi",
        carousel: [
          { header: { type: "image" }, body: "{{1}} off", buttons: [{ type: "quick_reply", text: "More" }] },
          { header: { type: "product" } }
        ]
      }
    ],
    [
      "with an offer",
      node([
        { type: "limited_time_offer", limited_time_offer: { text: "Ends soon", has_expiration: true } },
        { type: "CALL_PERMISSION_REQUEST" }
      ]),
      { ...base, limitedTimeOffer: { text: "Ends soon", hasExpiration: true }, callPermissionRequest: true }
    ],
    ["of an order's status", node([], { sub_category: "ORDER_STATUS" }), { ...base, orderStatus: true }],
    ["of another category", node([], { category: "SERVICE", sub_category: null }), base],
    [
      "with two buttons of one text",
      node([
        {
          type: "BUTTONS",
          buttons: [
            { type: "QUICK_REPLY", text: "Yes" },
            { type: "QUICK_REPLY", text: "Yes" }
          ]
        }
      ]),
      {
        ...base,
        buttons: [
          { type: "quick_reply", text: "Yes" },
          { type: "quick_reply", text: "Yes", name: "Yes 2" }
        ]
      }
    ]
  ] as const)("%s is read", ([, nodes, expected]) =>
    Effect.gen(function* () {
      const all = Array.isArray(nodes) ? yield* Effect.forEach(nodes, (one) => decode(one)) : yield* decode(nodes)
      assert.deepStrictEqual<unknown>(all, expected)
    })
  )
  it.effect.each([
    ["component", node([{ type: "HOLOGRAM" }]), '["components"][0]["type"]'],
    ["header", node([{ type: "HEADER", format: "AUDIO" }]), '["components"][0]["format"]'],
    ["button", node([{ type: "BUTTONS", buttons: [{ type: "DANCE" }] }]), '["buttons"][0]["type"]'],
    [
      "component of a card",
      node([{ type: "CAROUSEL", cards: [{ components: [{ type: "CAROUSEL" }] }] }]),
      '["cards"][0]["components"][0]["type"]'
    ]
  ] as const)("with an unknown %s is refused, as its values would be unknown", ([, nodes, path]) =>
    Effect.gen(function* () {
      assert.include(String(yield* Effect.flip(decode(nodes))), path)
    })
  )
  it.effect(
    "can be filled in",
    Effect.fn(function* () {
      const message = Template.define(yield* decode(example))({
        header: { order_no: "A-31" },
        body: { first_name: "Ana" },
        buttons: { Stop: "stop:31", Track: "77" }
      })
      assert.deepStrictEqual(yield* Message.validate(message), message)
      assert.deepStrictEqual(message.template.components?.length, 4)
    })
  )
})
