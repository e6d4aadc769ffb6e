// Rolls declarations up into one file.

import { type Plugin, rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'

/** The types of a source, or of a declaration file of tsc, with all that it imports, but for what a plugin leaves outside. */
export async function rollTypes(input: string, ...outside: Plugin[]): Promise<string> {
  const bundle = await rolldown({
    input,
    plugins: [
      ...outside,
      dts({ dtsInput: input.endsWith('.d.ts'), emitDtsOnly: true, generator: 'oxc', tsconfig: false }),
    ],
    checks: { moduleLevelDirective: false }, // of no use to types
    experimental: { attachDebugInfo: 'none' },
  })
  const { output } = await bundle.generate()
  return output[0].code
}
