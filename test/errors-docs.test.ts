// Holds the "Errors:" lists of docstrings to what the code throws, as far as its text can tell. A list at a member of a
// type (host-api.ts, store/port/) has no code beside it: only the spelling of its codes is checked.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type ESTree, parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { errorCodes } from '../server/errors.ts'

type Node = ESTree.Node

/** A function or constant at the top of a module. */
type Unit = {
  file: string
  name: string
  /** The codes that its docstring lists; undefined if it has no list. */
  listed: string[] | undefined
  isExported: boolean
  /** The codes that it throws or makes itself: those written in a `new GuestError(…)`. */
  thrown: string[]
  /** Whether it throws one of these where it makes it. */
  throwsNew: boolean
  /** Whether it throws an error that it was given, as in `throw presented.error`. */
  passesOn: boolean
  /** All codes that it names in a string. Some are given to a helper that throws them. */
  named: string[]
  /** Every name in it, by which it may refer to other units. */
  names: Set<string>
}

/** A source file: its units, and where its imports are from. */
type Module = { units: Unit[]; imports: Map<string, { file: string; name: string }>; misspelt: string[] }

const root = join(import.meta.dirname, '..')
const codes = new Set<string>(errorCodes)
/** The names in snake case that are not codes: the fields of answers. */
const fields = new Set(readFileSync(join(root, 'server/types.ts'), 'utf8').match(/\b[a-z]+(_[a-z]+)+\b/g))

/** What a docstring lists after "Errors:": everything in backticks. */
const listIn = (comment: string): string[] | undefined => {
  const list = /\bErrors(?:, [^:]*)?: (.*)/.exec(comment.replaceAll(/\s*\n\s*\*?\s*/g, ' '))?.[1]
  return list === undefined ? undefined : [...list.matchAll(/`(\w+)`/g)].map(([, word]) => word!)
}

function* below(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) {
    for (const child of [value].flat()) if (typeof child?.type === 'string') yield* below(child as Node)
  }
}

const textsIn = (node: Node): string[] =>
  [...below(node)].flatMap((one) =>
    one.type === 'Literal' && typeof one.value === 'string' ? [one.value] : [],
  )

/** What runs in a function itself. The methods of an object that it makes have their docstrings in the object's type. */
function* belowWithoutMethods(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) {
    for (const child of [value].flat()) {
      const isMethod =
        child?.type === 'FunctionDeclaration' ||
        (child?.type === 'Property' && /Function/.test(child.value.type))
      if (typeof child?.type === 'string' && !isMethod) yield* belowWithoutMethods(child as Node)
    }
  }
}

/** The codes in the first argument of each `new GuestError(…)`. It may be a condition. */
const newErrorsIn = (nodes: Node[]): string[] =>
  nodes.flatMap((one) =>
    one.type === 'NewExpression' && one.callee.type === 'Identifier' && one.callee.name === 'GuestError'
      ? textsIn(one.arguments[0] as Node).filter((text) => codes.has(text))
      : [],
  )

function unitOf(file: string, source: string, name: string, node: Node): Omit<Unit, 'listed' | 'isExported'> {
  const nodes = [...below(node)]
  const own = [...belowWithoutMethods(node)]
  const throwing = own.flatMap((one) => (one.type === 'ThrowStatement' ? [...below(one)] : []))
  return {
    file,
    name,
    thrown: [...new Set(newErrorsIn(own))],
    throwsNew: newErrorsIn(throwing).length > 0,
    passesOn: throwing.some(
      (one) => one.type === 'MemberExpression' && /\.error$/.test(source.slice(one.start, one.end)),
    ),
    named: textsIn(node).filter((text) => codes.has(text)),
    names: new Set(nodes.flatMap((one) => (one.type === 'Identifier' ? [one.name] : []))),
  }
}

function parse(file: string, source: string): Module {
  const { program, comments } = parseSync(file, source)
  const lists = comments.flatMap(({ value, end }) => {
    const list = listIn(value)
    return list ? [{ list, end }] : []
  })
  /** The list of the docstring right before this place. */
  const listBefore = (start: number) =>
    lists.find(({ end }) => end <= start && source.slice(end, start).trim() === '')?.list
  const module: Module = { units: [], imports: new Map(), misspelt: [] }
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const from = posix.join(posix.dirname(file), statement.source.value)
      for (const one of statement.specifiers)
        if (one.type === 'ImportSpecifier' && one.imported.type === 'Identifier')
          module.imports.set(one.local.name, { file: from, name: one.imported.name })
      continue
    }
    const declared =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement
    const list = listBefore(statement.start)
    const listed = list?.filter((word) => codes.has(word))
    const add = (name: string, node: Node) =>
      module.units.push({ ...unitOf(file, source, name, node), listed, isExported: declared !== statement })
    if (declared.type === 'FunctionDeclaration' && declared.id) add(declared.id.name, declared)
    if (declared.type === 'VariableDeclaration')
      for (const one of declared.declarations) if (one.id.type === 'Identifier') add(one.id.name, one)
  }
  for (const { list } of lists) {
    module.misspelt.push(
      ...list
        .filter((word) => word.includes('_') && !codes.has(word) && !fields.has(word))
        .map((word) => `${file}: ${word}`),
    )
  }
  return module
}

const files = readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => posix.join('server', file.replaceAll('\\', '/')))

const modules = new Map(files.map((file) => [file, parse(file, readFileSync(join(root, file), 'utf8'))]))
const units = [...modules.values()].flatMap((module) => module.units)

/** The services of the context, and the functions that make them: `attempts` is made by `createAttemptLimiter`. */
const services = new Map(
  [
    ...below(parseSync('guestkey.ts', readFileSync(join(root, 'server/guestkey.ts'), 'utf8')).program),
  ].flatMap((one) =>
    one.type === 'Property' &&
    one.key.type === 'Identifier' &&
    one.value.type === 'CallExpression' &&
    one.value.callee.type === 'Identifier' &&
    one.value.callee.name.startsWith('create')
      ? [[one.key.name, one.value.callee.name] as const]
      : [],
  ),
)

/** The units that this one may call: of its module, of its imports, and of the context. */
function calledBy({ file, names }: Unit): Unit[] {
  const { units: own, imports } = modules.get(file)!
  return [...names].flatMap((name) => {
    const from = imports.get(name)
    const near = from
      ? (modules.get(from.file)?.units.filter((one) => one.name === from.name) ?? [])
      : own.filter((one) => one.name === name)
    const service = services.get(name)
    return [...near, ...(service ? units.filter((one) => one.name === service) : [])]
  })
}

/** The codes that a unit may throw: by itself, by what it calls, or because its module made the error that it was given. */
function reachedBy(unit: Unit): Set<string> {
  const seen = new Set<Unit>()
  const visit = (one: Unit): void => {
    if (seen.has(one)) return
    seen.add(one)
    for (const next of calledBy(one)) visit(next)
  }
  visit(unit)
  if (unit.passesOn) modules.get(unit.file)!.units.forEach(visit)
  return new Set([...seen].flatMap(({ named }) => named))
}

const documented = units.filter((unit): unit is Unit & { listed: string[] } => unit.listed !== undefined)
const inWords = ({ file, name }: Unit, code: string) => `${file} ${name}: ${code}`

describe('a list of errors in a docstring', () => {
  test('is found for more than 80 functions', () => {
    expect(documented.length).toBeGreaterThan(80)
  })

  test('names codes of the table', () => {
    expect([...modules.values()].flatMap(({ misspelt }) => misspelt)).toEqual([])
  })

  test('has every code that the function throws itself', () => {
    const missing = documented.flatMap((unit) =>
      unit.thrown.filter((code) => !unit.listed.includes(code)).map((code) => inWords(unit, code)),
    )
    expect(missing).toEqual([])
  })

  test('is there for every exported function that throws one', () => {
    const without = units.filter(({ isExported, throwsNew, listed }) => isExported && throwsNew && !listed)
    expect(without.map(({ file, name }) => `${file} ${name}`)).toEqual([])
  })

  test('has only codes that the function or what it calls can throw', () => {
    const never = documented.flatMap((unit) => {
      const reached = reachedBy(unit)
      return unit.listed.filter((code) => !reached.has(code)).map((code) => inWords(unit, code))
    })
    expect(never).toEqual([])
  })
})
