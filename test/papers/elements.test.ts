// client/README.md: its lists of elements, parts, slots and custom properties are those of the code.

import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, rowsIn, section } from '../support/pages.ts'
import { childrenOf, type Node, parsed } from '../support/syntax.ts'

const page = 'client/README.md'
const folder = join(import.meta.dirname, '../../client/elements')
const sources = parsed('client/elements/**/*.ts', ['client/elements/texts/**'])
const looks = section(page, 'How they look')
const tables = rowsIn(looks)

/** What stands between backticks. */
const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)

/** The value of a property of an object, in a tree. */
const propOf = (object: Node | undefined, name: string) =>
  (object?.properties as Node[] | undefined)?.find(({ key }) => (key as Node | undefined)?.name === name)
    ?.value as Node | undefined

/** The calls of `h`: the tag, the props, and the file. */
const built = sources.flatMap(({ file, nodes }) =>
  nodes
    .filter(({ type, callee }) => type === 'CallExpression' && (callee as Node).name === 'h')
    .map((call) => {
      const [tag, props] = call.arguments as [Node, Node | undefined]
      return { file, tag: tag.value, props }
    }),
)

/** The words that an expression can have as its value. A name stands for what it was declared as. */
function words(value: Node, nodes: Node[]): string[] {
  if (value.type === 'Literal') return `${value.value}`.split(' ').filter(Boolean)
  if (value.type === 'TemplateElement')
    return (value.value as { cooked: string }).cooked.split(' ').filter(Boolean)
  if (value.type === 'BinaryExpression') return []
  if (value.type === 'ConditionalExpression')
    return [value.consequent, value.alternate].flatMap((one) => words(one as Node, nodes))
  if (value.type === 'CallExpression') return words(value.callee as Node, nodes)
  if (value.type === 'Identifier')
    return nodes
      .filter(({ type, id }) => type === 'VariableDeclarator' && (id as Node).name === value.name)
      .flatMap(({ init }) => (init ? words(init as Node, nodes) : []))
  return childrenOf(value).flatMap((one) => words(one, nodes))
}

test('each control of the elements has a part', () => {
  const controls = built.filter(({ tag }) => /^(button|input|select|textarea|a|summary)$/.test(`${tag}`))
  expect(controls.length).toBeGreaterThan(10)
  const bare = controls.filter(({ props }) => !propOf(props, 'part'))
  expect(bare.map(({ file, tag }) => `${file}: ${tag}`)).toEqual([])
})

test('the page names each part, and no other', () => {
  const parts = sources.flatMap(({ nodes }) =>
    nodes
      .filter(({ type, key }) => type === 'Property' && (key as Node).name === 'part')
      .flatMap(({ value }) => words(value as Node, nodes)),
  )
  const named = tables
    .slice(tables.findIndex(([, of]) => of === 'every button'))
    .flatMap(([cell]) => codeIn(cell!))
  expect([...new Set(named)].toSorted()).toEqual([...new Set(parts)].toSorted())
})

test('the page names each slot with its element, and no other', () => {
  const slots = built
    .map(({ file, tag, props }) => ({ file, tag, name: propOf(props, 'name')?.value }))
    .filter(({ tag, name }) => tag === 'slot' && name)
    .map(({ file, name }) => `${name} of the ${/\/(sign-in|prompt)/.exec(file)?.[1] ?? file}`)
  const [, said] = /^Slots: (.*)\.$/m.exec(looks)!
  const named = said!
    .split('; ')
    .flatMap((of) => codeIn(of).map((name) => `${name} of the ${/\S+$/.exec(of)![0]}`))
  expect(named.toSorted()).toEqual([...new Set(slots)].toSorted())
})

test('the page names each custom property with its default, and no other', () => {
  const read = globSync('**/*.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'))
  const used = read.flatMap((source) => source.match(/(?<=var\()--guestkey-[\w-]+/g) ?? [])
  const named = codeIn(looks).flatMap((code) =>
    code.startsWith('--guestkey-') ? [code] : /^-[a-z]/.test(code) ? [`--guestkey${code}`] : [],
  )
  expect([...new Set(named)].toSorted()).toEqual([...new Set(used)].toSorted())

  const inTable = tables.map((row) => row.map((cell) => codeIn(cell)[0] ?? ''))
  const inText = [...looks.matchAll(/`(--guestkey-\w+)` \(([^)]+)\)/g)].map(([, ...pair]) => pair)
  const said = [...inTable, ...inText].filter(([name, value]) => name?.startsWith('--guestkey-') && value)
  expect(said.length).toBeGreaterThan(5)
  for (const [name, value] of said) expect(read.join('')).toContain(`var(${name}, ${value})`)
})

test('the page names each element, and no other', () => {
  const [, tags] = /const \w+ = \{([\s\S]*?)\n\}/.exec(readFileSync(join(folder, 'index.ts'), 'utf8')) ?? []
  const elements = [...(tags ?? '').matchAll(/'(guestkey-[a-z-]+)':/g)].map(([, name]) => `\`<${name}>\``)
  const [, table] = readPage(page).split('| element | what it is')
  expect(
    rowsIn(table!.split('\n\n')[0]!)
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(elements.toSorted())
})

test('each picture of the elements stands on the page with what it shows, and has at most 60 kB', () => {
  const shown = [...readPage(page).matchAll(/!\[([^\]]*)\]\((pictures\/[^)]+)\)/g)]
  expect(shown.filter(([, text]) => text!.length < 40)).toEqual([])
  const files = globSync('pictures/*', { cwd: join(folder, '..') })
  expect(shown.map(([, , file]) => file).toSorted()).toEqual(files.toSorted())
  const large = files.filter((file) => statSync(join(folder, '..', file)).size > 60_000)
  expect(large).toEqual([])
})
