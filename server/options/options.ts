// The options of guestkey(): those of all areas together, and the check at construction that refuses wrong ones.

import { dirname } from 'node:path'
import { optionsOfNow, type WithOldOptions } from '../old-names.ts'
import type { z } from '../zod.ts'
import { type OAuthOptions, oauthSchemas, resolveClients } from './clients/clients.ts'
import { resolveIssuers } from './clients/trusted-issuers.ts'
import {
  type KeepingOptions,
  keepingSchemas,
  refuseUnknownAttributes,
  resolveCollections,
} from './collections.ts'
import { checked, OptionsError } from './errors.ts'
import { DATA_FOLDER, makeFolder } from './folder.ts'
import { type LifeOptions, lifeSchemas, type ProfileSchema } from './life.ts'
import { type LoginIdAndPageOptions, loginIdSchemas, type Provider } from './login-ids.ts'
import { type OperatorsOption, operatorSchemas, resolveOperators } from './operators.ts'
import { type RequestOptions, requestSchemas, resolveProofOfWork } from './requests.ts'
import { localSecret } from './secret.ts'
import { type CredentialOptions, credentialSchemas } from './sessions.ts'
import { refuseManyNames, resolveCookieNames, resolveOrigins, type SiteOptions, siteSchemas } from './site.ts'
import { isPostgres, refuseContradiction } from './store.ts'
import { objectOf } from './values.ts'
import { type EventOptions, eventSchemas, resolveWebhooks } from './webhooks.ts'
import { androidOrigins, type PublishedOptions, wellKnownSchemas } from './well-known.ts'

export {
  type Client,
  type ClientOptions,
  type OperatorScope,
  operatorScopes,
} from './clients/clients.ts'
export type { ClientKey } from './clients/openid.ts'
export type { TokenOptions } from './clients/tokens.ts'
export type { TrustedIssuer, TrustedIssuerOptions } from './clients/trusted-issuers.ts'
export type { Collection, CollectionOptions, PromptRule, RetentionOptions } from './collections.ts'
export { OptionsError } from './errors.ts'
export { makeFolder } from './folder.ts'
export type { Merge, MergeOptions, MergeProfiles, ProfileOf, ProfileSchema } from './life.ts'
export type {
  CodeMessage,
  LoginIdOptions,
  PageOptions,
  Promotion,
  Provider,
  ProviderOptions,
} from './login-ids.ts'
export type { OperatorOptions } from './operators.ts'
export type { BotCheck, BotCheckPurpose } from './requests.ts'
export { localSecret } from './secret.ts'
export type { DeviceKeyOptions, PasskeyOptions, SessionOptions } from './sessions.ts'
export { isPostgres, isSchemaName, type PostgresOptions, refuseContradiction } from './store.ts'
export type { Webhook, WebhookEvent, WebhookOptions } from './webhooks.ts'
export type { AndroidApp, PasskeyEndpoints, WellKnownOptions } from './well-known.ts'

/** The options by their names of now. */
type CurrentOptions<P extends ProfileSchema = ProfileSchema> = SiteOptions &
  KeepingOptions &
  LifeOptions<P> &
  LoginIdAndPageOptions &
  EventOptions &
  OAuthOptions &
  PublishedOptions &
  CredentialOptions &
  RequestOptions &
  OperatorsOption

/** The options of guestkey(). Only `origin` is required. */
export type Options<P extends ProfileSchema = ProfileSchema> = WithOldOptions<CurrentOptions<P>>

/** Checks each option by itself. resolveOptions() checks what depends on several options. */
export const optionsSchema = objectOf({
  ...siteSchemas,
  ...keepingSchemas,
  ...lifeSchemas,
  ...loginIdSchemas,
  ...eventSchemas,
  ...oauthSchemas,
  ...wellKnownSchemas,
  ...credentialSchemas,
  ...requestSchemas,
  ...operatorSchemas,
})

/** The options with defaults filled in. */
export type Config = ReturnType<typeof resolveOptions>

/** Checks the options and fills in the defaults. Errors: OptionsError if an option is unknown or wrong. */
export function resolveOptions(options: Options) {
  const { options: current, renamed, clash } = optionsOfNow(options)
  if (clash) throw new OptionsError(`guestkey options: ${clash}`)
  // The annotation holds the schemas to the documented types: every schema takes all that its option's type allows.
  const documented: z.input<typeof optionsSchema> = current as CurrentOptions
  const given = checked(optionsSchema, documented, renamed)
  const { origin, secret, clients, logger, now, ...others } = given
  const { collections, guestSignIn, retention, prompts, webhooks, loginIds, wellKnown, ...rest } = others
  const { origins, rpId, relatedOrigins, isWithin } = resolveOrigins(origin, rest.rpId)
  refuseManyNames(relatedOrigins)
  const appOrigins = [
    ...androidOrigins(wellKnown.android),
    ...(wellKnown.apple.length > 0 ? [`https://${rpId}`] : []),
  ]
  const tokens = { ...rest.tokens, issuer: rest.tokens.issuer ?? origins[0]! }
  const operators = resolveOperators(rest.operators, { origins, rpId, auditSeconds: rest.auditSeconds })
  const registered = resolveClients(clients, { ...rest, origins, tokens, operators })
  refuseContradiction(rest.store, rest.postgres)
  if (!isPostgres(rest.store)) makeFolder(dirname(rest.store))
  const resolved = resolveCollections(
    collections,
    { guestSignIn, retention, prompts },
    rest.sessions.idleSeconds,
  )
  refuseUnknownAttributes(resolved, rest.profile)
  const trustedIssuers = resolveIssuers(rest.trustedIssuers, {
    issuer: tokens.issuer,
    collections: Object.keys(resolved),
  })
  const secrets = [secret ?? localSecret(isPostgres(rest.store) ? DATA_FOLDER : dirname(rest.store))].flat()
  return {
    ...rest,
    /** The collections by name. */
    collections: resolved,
    proofOfWork: resolveProofOfWork(rest),
    /** The option for all collections; that of each is in `collections`. */
    guestSignIn,
    defaultCollection: Object.keys(resolved)[0]!,
    webhooks: resolveWebhooks(webhooks),
    /** Never empty. */
    origins,
    rpId,
    rpName: rest.rpName ?? rpId,
    loginIds: {
      ...loginIds,
      sendFrom: loginIds.sendFrom ?? `no-reply@${rpId}`,
      providers: loginIds.providers.map((one): Provider => ({ ...one, clientSecret: one.clientSecret })),
    },
    wellKnown,
    tokens,
    operators,
    /** The origins that are not within the RP ID. */
    relatedOrigins,
    /** The origins that the deployment's own Android and Apple apps state in ceremonies. */
    appOrigins,
    /** The origins that may run ceremonies: those of our pages and apps, and those of clients that are within the RP ID. */
    ceremonyOrigins: [
      ...new Set([...origins, ...appOrigins, ...clients.flatMap((one) => one.origins.filter(isWithin))]),
    ],
    clients: registered,
    trustedIssuers,
    /** The secret that seals is the first. */
    secrets,
    ...resolveCookieNames(options.cookieName, origins, secrets),
    logger,
    now,
  }
}
