// What npm would publish: guestkey and the browser client, packed.

import { execFile } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')

export type Packed = {
  /** The path of the tarball. */
  tarball: string
  /** The paths of its files. */
  files: string[]
}

/** Packs both packages into this folder. Needs `npm run build`. */
export async function packInto(folder: string): Promise<{ guestkey: Packed; client: Packed }> {
  const args = ['pack', '--workspaces', '--include-workspace-root', '--json', '--ignore-scripts']
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
  const { stdout } = await promisify(execFile)('npm', [...args, '--pack-destination', folder], {
    cwd: root,
    env: { ...process.env, PATH },
  })
  const all = JSON.parse(stdout) as { name: string; filename: string; files: { path: string }[] }[]
  const of = (name: string): Packed => {
    const { filename, files } = all.find((one) => one.name === name)!
    return { tarball: join(folder, filename), files: files.map(({ path }) => path) }
  }
  return { guestkey: of('guestkey'), client: of('@guestkey/client') }
}

/** What npm printed, but for what it thinks of the settings of this machine. */
export const saidByNpm = (printed: string): string =>
  printed.replaceAll(/^npm warn Unknown \w+ config .*\n/gm, '').trim()
