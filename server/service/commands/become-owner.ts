// Lets root work in a folder of another account with no more rights than that account has.

import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * If root runs this process, it becomes the owner of the folder for good: whoever may put links into the folder must
 * not lead root elsewhere. If root owns the folder or it is missing, the nearest folder above it that another account
 * owns counts, because that account can replace what is below. If there is none, the process stays root.
 */
export function becomeOwnerOf(folder: string): void {
  if (process.getuid?.() !== 0) return // Windows has no such accounts
  const owner = nearestOwner(folder)
  if (!owner) return
  process.setgroups!([]) // both groups first: afterwards it may not change them
  process.setgid!(owner.gid)
  process.setuid!(owner.uid)
}

function nearestOwner(folder: string): Stats | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat && stat.uid !== 0) return stat
  const above = dirname(folder)
  return above === folder ? undefined : nearestOwner(above)
}
