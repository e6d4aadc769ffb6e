// What this device is called where another one is asked to let it in: by its kind, and without versions.
import type { DeviceLink } from './types.ts'

// In this order: many say that they are another one as well.
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

/** The name of this device, as far as its browser tells; an iPad may pass for a Mac. */
export function deviceName(): NonNullable<DeviceLink['device']> {
  const { userAgent = '' } = globalThis.navigator ?? {}
  const find = (names: [RegExp, string][]) =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Unknown'
  return { platform: find(platforms), browser: find(browsers) }
}
