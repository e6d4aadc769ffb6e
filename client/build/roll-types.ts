// Rolls declarations up into one file.

import { type Plugin, rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'

/** A declaration file of tsc with all that it imports, but for what a plugin leaves outside. */
export async function rollTypes(input: string, outside: Plugin): Promise<string> {
  const bundle = await rolldown({
    input,
    plugins: [outside, dts({ dtsInput: true, generator: 'oxc', tsconfig: false })],
    experimental: { attachDebugInfo: 'none' },
  })
  const { output } = await bundle.generate()
  return output[0].code
}
