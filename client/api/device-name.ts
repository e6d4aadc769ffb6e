// The name of this device, which the guest sees on the device that is asked to sign it in: platform and browser,
// without versions.
import type { DeviceLink } from '../lib/types.ts'

// The order matters: many browsers name others in their user agent too.
const platforms: [RegExp, string][] = [
  [/iPhone/, 'iOS'],
  [/iPad/, 'iPadOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
]
const browsers: [RegExp, string][] = [
  [/Edg/, 'Edge'],
  [/OPR|OPT/, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrom|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
]

/** The name of this device, as far as the user agent tells it. An iPad may look like a Mac. */
export function deviceName(): NonNullable<DeviceLink['device']> {
  const { userAgent = '' } = globalThis.navigator ?? {}
  const find = (names: [RegExp, string][]) =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Unknown'
  return { platform: find(platforms), browser: find(browsers) }
}
