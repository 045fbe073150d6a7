export { createWebhook, type WebhookOptions, type WebhookPayload } from "./create-webhook.ts";
