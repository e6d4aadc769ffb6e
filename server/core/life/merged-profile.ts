// The profile that two guests have after their merge.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { MergeProfiles } from '../../options/options.ts'

type Attributes = Record<string, unknown>

/** The joined profile, or that of the target if it would be too large; undefined if `from` has none. Errors: `merge_refused`. */
export async function mergedProfile({ config, store, logger }: Context, fromId: string, intoId: string) {
  const [from, into] = await Promise.all(
    [fromId, intoId].map((anonymousId) => store.findProfile({ anonymousId })),
  )
  if (!from) return undefined
  const [fromAttributes, intoAttributes] = [from.attributes, into?.attributes ?? {}]
  const attributes = await mergedAttributes(config.merge.profiles, fromAttributes, intoAttributes)
  const size = Buffer.byteLength(JSON.stringify(attributes))
  const fits = size <= Math.max(config.maxProfileBytes, Buffer.byteLength(JSON.stringify(intoAttributes)))
  if (!fits)
    logger.warn({ size }, 'the merged profile is too large: the profile of the target stays as it was')
  return {
    attributes: fits ? attributes : intoAttributes,
    fromVersion: from.version,
    intoVersion: into?.version ?? 0,
  }
}

/** Errors: `merge_refused` if the host's function throws or returns something else than a JSON object. */
async function mergedAttributes(
  rule: MergeProfiles,
  fromAttributes: Attributes,
  intoAttributes: Attributes,
): Promise<Attributes> {
  if (rule === 'keep-target') return { ...fromAttributes, ...intoAttributes }
  if (rule === 'keep-source') return { ...intoAttributes, ...fromAttributes }
  try {
    return asJsonObject(await rule(fromAttributes, intoAttributes))
  } catch (cause) {
    throw new GuestError('merge_refused', { cause })
  }
}

/** The value as the store keeps it. Throws a TypeError if it is not a JSON object. */
function asJsonObject(value: unknown): Attributes {
  const json: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError('merge.profiles must return an object')
  return json as Attributes
}
