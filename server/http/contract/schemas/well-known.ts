// The schemas of the documents at the /.well-known/ paths.

import { z } from '../../../zod.ts'

/** WebAuthn Level 3, 5.11. */
export const relatedOrigins = z.object({ origins: z.array(z.string()) })
export const assetLinks = z.array(z.looseObject({ relation: z.array(z.string()), target: z.looseObject({}) }))
export const appleAssociation = z.object({ webcredentials: z.object({ apps: z.array(z.string()) }) })
export const passkeyEndpoints = z.object({
  enroll: z.optional(z.string()),
  manage: z.optional(z.string()),
  prfUsageDetails: z.optional(z.string()),
})
