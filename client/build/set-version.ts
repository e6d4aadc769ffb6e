// `npm version` runs this: the browser client gets the version of guestkey, which depends on exactly that one.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { client } from './exports.ts'

type Manifest = { version: string; dependencies: Record<string, string> }
type Lock = { packages: Record<string, Manifest> }

const root = join(client, '..')
const version = process.env.npm_package_version!

/** Changes a file of JSON, in the form that npm gives it. */
function change<Content>(path: string, edit: (content: Content) => void): void {
  const content = JSON.parse(readFileSync(path, 'utf8'))
  edit(content)
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
}

change<Manifest>(join(client, 'package.json'), (own) => {
  own.version = version
})
change<Manifest>(join(root, 'package.json'), ({ dependencies }) => {
  dependencies['@guestkey/client'] = version
})
change<Lock>(join(root, 'package-lock.json'), ({ packages }) => {
  packages.client!.version = version
  packages['']!.dependencies['@guestkey/client'] = version
})
