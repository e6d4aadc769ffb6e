// Makes the style sheets of the elements small.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { client } from './exports.ts'

const elements = join(client, 'elements/')
const folder = join(elements, 'styles')
const all = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))

/** The names of what the sheets alone read, such as `--_accent`. A host never sets them: see base.ts. */
const names = [...new Set(all.join('').match(/--_[\w-]+/g))].sort()
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const short = (name: string) => {
  const i = names.indexOf(name)
  if (i < 0) throw new Error(`${name} is in no style sheet of ${folder}`)
  return `--_${letters[i % letters.length]}${i < letters.length ? '' : Math.floor(i / letters.length)}`
}

/** Without what is only for readers. */
export const smaller = (css: string) =>
  css
    .replaceAll(/\/\*.*?\*\/|\s+/g, ' ')
    .replaceAll(/ ?([{};,>]) ?|(:) /g, '$1$2')
    .replaceAll(/ ([*/]) (?=[\d(-]|var)/g, '$1')
    .replaceAll(/(?<![\w.#-])0(?=\.\d)/g, '')
    .replaceAll(';}', '}')
    .trim()

export const smallStyles: Plugin = {
  name: 'small-styles',
  transform: (code, id) =>
    id.startsWith(elements)
      ? code
          .replaceAll(/css`([^`]*)`/g, (_, css: string) => `\`${smaller(css)}\``)
          .replaceAll(/--_[\w-]+/g, short)
      : null,
}
