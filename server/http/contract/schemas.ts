// The zod schemas of requests and responses. They validate requests, type the client, and make the OpenAPI document.

export * from './schemas/authorization.ts'
export * from './schemas/common.ts'
export * from './schemas/device-keys.ts'
export * from './schemas/device-links.ts'
export * from './schemas/guest.ts'
export * from './schemas/login-ids.ts'
export * from './schemas/passkeys.ts'
export * from './schemas/recovery-codes.ts'
export * from './schemas/tokens.ts'
export * from './schemas/well-known.ts'
