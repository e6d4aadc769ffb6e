// The browser client as a front end gets it: packed, installed alone, imported, required, type-checked and bundled. Needs
// `npm run build`.

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { innerNames } from '../client/build/inner-names.ts'
import { firstLoadBy } from './support/bundlers.ts'
import { temporaryFolder } from './support/engine.ts'
import { bundlers, mostFirstLoaded, pageWith } from './support/first-loads.ts'
import { type Packed, packInto, saidByNpm } from './support/packed.ts'
import { sharedInFile } from './support/when-over.ts'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'client/package.json'), 'utf8'))
/** The exports that are code, as they are imported, each with its file in `dist`. */
const exported = Object.entries<string | { default: string }>(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string'
    ? []
    : [[name.replace('.', manifest.name), /^\.\/dist\/(.*)\.js$/.exec(target.default)?.[1] ?? '']],
) as [name: string, path: string][]
/** Those that need no framework. `npm run interop` tests the others beside theirs, which npm does not install here. */
const alone = exported.filter(([, path]) => !path.startsWith('bindings/'))

/** Everything runs on the Node that runs the tests, whatever the machine has. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }

type Installed = {
  folder: string
  packed: Packed
  /** What npm said. */
  said: string
  run: (file: string, code: string, ...args: string[]) => Promise<string>
}

const shared = sharedInFile(async (): Promise<Installed> => {
  const folder = temporaryFolder()
  const { client } = await packInto(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const args = ['install', '--no-audit', '--no-fund', client.tarball]
  const { stdout, stderr } = await promisify(execFile)('npm', args, { cwd: folder, env })
  const run = async (file: string, code: string) => {
    writeFileSync(join(folder, file), code)
    return (await promisify(execFile)(process.execPath, [join(folder, file)], { cwd: folder, env })).stdout
  }
  return { folder, packed: client, said: saidByNpm(stdout + stderr), run }
})

describe('the package of the browser client', () => {
  test('has its build, its page and its licence, and nothing else', () => {
    const { files } = shared().packed
    const others = files.filter((path) => !path.startsWith('dist/'))
    expect(others.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json'])
    const read = (path: string) => readFileSync(join(root, path), 'utf8')
    expect(read('client/LICENSE')).toBe(read('LICENSE'))
    for (const file of ['guestkey.js', 'guestkey-small.js', 'integrity.json'])
      expect(files).toContain(`dist/browser/${file}`)
    expect(files.filter((path) => /(?<!\.d)\.ts$|\bdemo\b|dist\/types/.test(path))).toEqual([])
  })

  test('has the licence of each package whose code is in it, beside the files for bundlers and those for browsers', () => {
    const { files } = shared().packed
    const named = files
      .filter((path) => /\.c?js$/.test(path))
      .flatMap((path) => [
        ...readFileSync(join(root, 'client', path), 'utf8').matchAll(
          /^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
        ),
      ])
    const inside = new Set(named.map(([, name]) => name!))
    expect([...inside].toSorted()).toEqual(['@simplewebauthn/browser', 'altcha-lib', 'qr'])
    for (const folder of ['dist', 'dist/browser'])
      for (const file of ['LICENSE-altcha.txt', 'LICENSE-qr', 'LICENSE-simplewebauthn.md'])
        expect(files).toContain(`${folder}/${file}`)
  })

  test('has types without the names that the build makes short', () => {
    for (const [, path] of exported) {
      const types = readFileSync(join(root, `client/dist/${path}.d.ts`), 'utf8')
      const words = new Set(types.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').match(/\w+/g))
      expect([path, innerNames.filter((name) => words.has(name))]).toEqual([path, []])
    }
  })

  test('depends on nothing and asks for no Node: what a framework needs is an optional peer', () => {
    const { dependencies, optionalDependencies, bundleDependencies, engines, os, cpu } = manifest
    expect([dependencies, optionalDependencies, bundleDependencies, engines, os, cpu]).toEqual(
      Array(6).fill(undefined),
    )
    const peers = Object.keys(manifest.peerDependencies)
    expect(peers.filter((name) => !manifest.peerDependenciesMeta[name]?.optional)).toEqual([])
  })

  test('is installed without a word of warning, and nothing comes with it', () => {
    const { folder, said } = shared()
    expect(said).toMatch(/^added 1 package in \d+m?s$/)
    const visible = (path: string) =>
      readdirSync(join(folder, 'node_modules', path)).filter((name) => !name.startsWith('.'))
    expect(visible('')).toEqual(['@guestkey'])
    expect(visible('@guestkey')).toEqual(['client'])
  })
})

test.each(exported)('%s has code and types for ES modules, CommonJS and node10', (name, path) => {
  const { files } = shared().packed
  for (const extension of ['js', 'cjs', 'd.ts', 'd.cts']) expect(files).toContain(`dist/${path}.${extension}`)
  const sub = name.slice(manifest.name.length)
  expect(manifest.exports[`.${sub}`]).toEqual({
    require: { types: `./dist/${path}.d.cts`, default: `./dist/${path}.cjs` },
    types: `./dist/${path}.d.ts`,
    default: `./dist/${path}.js`,
  })
  const old = sub ? manifest.typesVersions['*'][sub.slice(1)] : [manifest.types]
  expect(old).toEqual([`./dist/${path}.d.ts`])
})

describe.each(alone)('%s', (name) => {
  test('loads in Node, where there is no page: by import and by require, with the same names', async () => {
    const { run } = shared()
    const print = 'console.log(Object.keys(all).sort().join())'
    const imported = await run('loads.mjs', `import * as all from '${name}'; ${print}`)
    const required = await run('loads.cjs', `const all = require('${name}'); ${print}`)
    expect(imported.trim()).not.toBe('')
    expect(required).toBe(imported)
  })

  test.each([
    ['an ES module', 'types.mts', `import * as all from '${name}'`],
    ['CommonJS', 'types.cts', `import all = require('${name}')`],
  ])('has types that compile in strict mode, in %s', async (_kind, file, code) => {
    const { folder } = shared()
    writeFileSync(join(folder, file), `${code}\nexport const any: {} = all\n`)
    const compilerOptions = {
      target: 'ES2022',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      module: 'NodeNext',
      types: [],
      noEmit: true,
      strict: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const compiled = promisify(execFile)(process.execPath, [tsc, '-p', '.'], { cwd: folder })
    expect(
      await compiled.then(
        ({ stdout }) => stdout,
        ({ stdout }) => stdout,
      ),
    ).toBe('')
  })
})

test('the client for apps is one file, for engines that know neither import() nor import.meta', () => {
  for (const file of ['native.js', 'native.cjs']) {
    const lines = readFileSync(
      join(shared().folder, 'node_modules/@guestkey/client/dist', file),
      'utf8',
    ).split('\n')
    const code = lines.filter((line) => !/^\s*(\*|\/\/)/.test(line)).join('\n')
    expect(code.match(/\bimport\b.*|\brequire\(.*/g), file).toBeNull()
  }
})

test('what a page needs later is loaded when it is called, from CommonJS too', async () => {
  const { run } = shared()
  const ask = `globalThis.window = globalThis; createGuestClient().deviceKey.signIn().catch(({ code, message }) => console.log(code, message))`
  const said = 'no_device_key This device is not remembered.\n'
  const from = (load: string) => `${load}; ${ask}`
  expect(await run('later.mjs', from(`import { createGuestClient } from '@guestkey/client'`))).toBe(said)
  expect(await run('later.cjs', from(`const { createGuestClient } = require('@guestkey/client')`))).toBe(said)
})

describe.each(bundlers)('a page that is bundled by %s', (bundler) => {
  test.each(Object.entries(mostFirstLoaded))('with %s first loads only what it needs', async (name, most) => {
    const bytes = await firstLoadBy(bundler, shared().folder, pageWith(name))
    expect(bytes).toBeGreaterThan(4 * 1024)
    expect(bytes).toBeLessThanOrEqual(most[bundler] * 1024)
  })

  test('has nothing of what it does not use', async () => {
    const load = (script: string) => firstLoadBy(bundler, shared().folder, script)
    const nothing = await load('window.page = 1')
    // The elements register themselves, so a page that imports them has them.
    for (const [name] of alone.filter(([, path]) => !path.startsWith('elements/'))) {
      expect(await load(`import '${name}'; window.page = 1`), name).toBe(nothing)
      expect(await load(`import * as all from '${name}'; window.page = 1`), name).toBe(nothing)
    }
    const oneError = `import { GuestClientError } from '@guestkey/client'; window.error = GuestClientError`
    expect(await load(oneError)).toBeLessThan(nothing + 850)
  })
})
