// A small disk of its own for a program, which the test can fill: a tmpfs that only the program sees.

import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const flags = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount']

/** Runs a program with a disk of this size at the folder. */
export const onSmallDisk = (folder: string, kib: number): string[] => [
  'unshare',
  ...flags,
  ...['sh', '-c', `mount -t tmpfs -o size=${kib}k tmpfs '${folder}' && exec "$0" "$@"`],
]

/** Whether this machine lets us have such a disk. */
export const hasSmallDisks = ((): boolean => {
  const [command, ...args] = [...onSmallDisk('/mnt', 64), 'true']
  return spawnSync(command!, args, { stdio: 'ignore' }).status === 0
})()

/** Fills the disk at the folder as the process sees it, but for this many KiB. Returns the function that frees it again. */
export function fillDisk(pid: number, folder: string, leave: number): () => void {
  const seen = `/proc/${pid}/root${folder}`
  const { bavail, bsize } = statfsSync(seen)
  const filler = join(seen, 'filler')
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024)))
  return () => rmSync(filler)
}
