// Changing settings, and saying what they are: who changed each, when and why.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { SettingChange } from '../../store/store.ts'
import type { OperatorAct, Setting } from '../../types.ts'
import { note } from '../events/audit-trail.ts'
import { checkNotice } from './notice.ts'
import type { SettingChanges, SettingName, SettingValue } from './settings.ts'

/** Who changes a setting, and why: texts of at most 200 characters. Default: not said. */
export type ChangedBy = { by?: string | undefined; reason?: string | undefined }

const MAX_CHARACTERS = 200

const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const isCount = (value: unknown): boolean =>
  value === false || (Number.isSafeInteger(value) && Number(value) > 0)

/** The names of all settings of this deployment. */
function namesOf({ config }: Context): SettingName[] {
  const ofCollections = Object.keys(config.collections).map((name) => `guestSignIn.${name}` as const)
  return ['guestSignIn', ...ofCollections, 'rateLimit.perMinute', 'passkeyRegistration', 'codes', 'notice']
}

/** Errors: `invalid_request` if there is no such setting. */
function nameIn(ctx: Context, name: string): SettingName {
  const names = namesOf(ctx)
  const found = names.find((one) => one === name)
  if (!found)
    throw new GuestError('invalid_request', {
      detail: `${name} cannot be changed while guestkey runs. These can: ${names.join(', ')}. Change any other option where guestkey() gets it, and restart.`,
    })
  return found
}

function checkValue(name: SettingName, value: unknown): SettingValue {
  if (name === 'notice') return checkNotice(value)
  const isNumber = name === 'rateLimit.perMinute'
  if (isNumber ? isCount(value) : isFlag(value)) return value as boolean | number
  const right = isNumber ? 'a whole number above 0, or false' : 'true or false'
  throw new GuestError('invalid_request', {
    detail: `${name} must be ${right}. It is ${JSON.stringify(value)}.`,
  })
}

function checkText(name: string, text: unknown): string | null {
  if (text === undefined) return null
  if (
    typeof text === 'string' &&
    text.isWellFormed() &&
    !/\p{Cc}/u.test(text) &&
    text.length <= MAX_CHARACTERS
  )
    return text
  throw new GuestError('invalid_request', {
    detail: `${name} must be a text of at most ${MAX_CHARACTERS} characters, without control characters.`,
  })
}

/** Each setting: the value that counts now, and when, by whom and why it was changed; null: it is as in the options. */
export async function readSettings(ctx: Context): Promise<Record<string, Setting>> {
  await ctx.settings.look()
  return settingsNow(ctx)
}

function settingsNow(ctx: Context): Record<string, Setting> {
  return Object.fromEntries(
    namesOf(ctx).map((name): [string, Setting] => {
      const { at = null, by = null, reason = null } = ctx.settings.changed(name) ?? {}
      return [name, { value: ctx.settings.current(name), changed_at: at, changed_by: by, reason }]
    }),
  )
}

/**
 * Changes settings, on all nodes within two seconds.
 * Errors: `invalid_request` for a setting that there is not, or a wrong value; `unavailable` if nodes of other versions
 * use the store.
 */
export async function changeSettings(
  ctx: Context,
  values: SettingChanges,
  { by, reason }: ChangedBy = {},
  operator?: OperatorAct,
): Promise<Record<string, Setting>> {
  const who = { at: ctx.now(), by: checkText('by', by), reason: checkText('reason', reason) }
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  const changes = given.map(([setting, value]) => {
    const name = nameIn(ctx, setting)
    return { name, change: { value: checkValue(name, value), ...who } }
  })
  await ctx.fleet.refuseMixed() // an older version would go by its options
  return write(ctx, changes, operator)
}

/**
 * Takes the change of a setting back: the options count again, on all nodes within two seconds.
 * Errors: `invalid_request` if there is no such setting.
 */
export const resetSetting = async (
  ctx: Context,
  given: string,
  operator?: OperatorAct,
): Promise<Record<string, Setting>> => write(ctx, [{ name: nameIn(ctx, given), change: null }], operator)

async function write(
  ctx: Context,
  changes: { name: SettingName; change: SettingChange | null }[],
  operator: OperatorAct | undefined,
): Promise<Record<string, Setting>> {
  const settings = changes.map((one) => ({ ...one, note: noteOf(ctx, one.name, one.change, operator) }))
  ctx.settings.learn(await ctx.store.changeSettings({ settings }))
  return settingsNow(ctx)
}

/** The event and its audit line, which is about no guest. Only the line says which operator changed it. */
function noteOf(
  ctx: Context,
  name: SettingName,
  change: SettingChange | null,
  operator: OperatorAct | undefined,
) {
  const value = change?.value ?? ctx.settings.inherited(name)
  const event = { setting: name, value, from_options: change === null }
  const written = note(ctx, 'setting.changed', event, { anonymousId: null, operator })
  // The trail has no texts, so none of the notice.
  const now = name === 'notice' ? 'notice changed' : `${name}=${value}`
  const outcome = change ? now : `${name} as in the options`
  return { ...written, audit: written.audit && { ...written.audit, outcome } }
}
