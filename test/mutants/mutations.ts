// Makes the mutants of a source file. Each is one small mistake that a test should notice.
// It changes no strings: they are prose, SQL and names, and a changed one says little about the tests.

import { type ESTree, parseSync } from 'vite'
import { leftAlone } from './config.ts'

type Range = { start: number; end: number }

/**
 * Replaces the text from `start` to `end` (UTF-16 units) with `becomes`. `whole` is the smallest expression or statement
 * around the change, or the property access whose name changes.
 */
export type Mutant = Range & { line: number; was: string; becomes: string; whole: Whole }
export type Whole = Range & { kind: 'property' | 'expression' | 'statement' }

type Node = ESTree.Node
type Change = [place: Range, becomes: string, whole: Whole]

const operators: Record<string, string[]> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
}
const methods: Record<string, string> = { some: 'every', every: 'some', min: 'max', max: 'min' }
/** The nodes of types, which have no effect once they are stripped. */
const typed = ['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']

/** All mutants of the source, from top to bottom. */
export function mutantsOf(source: string): Mutant[] {
  const text = (node: Node) => source.slice(node.start, node.end)
  const mutants = [...changesBelow(parse(source)!, text)].map(([{ start, end }, becomes, whole]) => {
    const line = source.slice(0, start).split('\n').length
    return { start, end, line, was: source.slice(start, end), becomes, whole }
  })
  return mutants
    .filter((mutant) => parse(mutated(source, mutant)) !== undefined)
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** The source with the mutant in it. */
export const mutated = (source: string, { start, end, becomes }: Mutant): string =>
  source.slice(0, start) + becomes + source.slice(end)

/** undefined if it is not valid TypeScript. */
function parse(source: string): Node | undefined {
  const { program, errors } = parseSync('source.ts', source)
  return errors.length === 0 ? program : undefined
}

function* changesBelow(node: Node, text: (node: Node) => string): Generator<Change> {
  if (node.type.startsWith('TS') && !typed.includes(node.type)) return
  if (node.type === 'ImportDeclaration') return
  // The type refuses another value: such an object only lists names.
  if (node.type === 'TSSatisfiesExpression' && /, true>$/.test(text(node.typeAnnotation))) return
  if (node.type === 'CallExpression' && leftAlone.test(text(node.callee))) return
  yield* changesOf(node, text)
  for (const child of Object.values(node).flat()) {
    if (typeof (child as Node | null)?.type === 'string') yield* changesBelow(child as Node, text)
  }
}

function* changesOf(node: Node, text: (node: Node) => string): Generator<Change> {
  const change = (becomes: string, of: Node = node): Change => [of, becomes, whole(of, 'expression')]
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      yield change('true', node.test)
      yield change('false', node.test)
      break
    case 'WhileStatement':
      yield change('false', node.test)
      break
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      for (const [place, becomes] of operatorChanges(node)) yield [place, becomes, whole(node, 'expression')]
      break
    case 'UnaryExpression':
      if (node.operator === '!') yield change(text(node.argument))
      break
    case 'Literal':
      if (typeof node.value === 'boolean') yield change(String(!node.value))
      break
    case 'ArrayExpression':
      if (node.elements.length > 0) yield change('[]')
      break
    case 'MemberExpression': {
      const other = methods[text(node.property)]
      if (other) yield [node.property, other, whole(node, 'property')]
      break
    }
    case 'ThrowStatement':
      yield [node, ';', whole(node, 'statement')]
      break
    case 'ExpressionStatement':
      if (!isLeftAlone(node.expression, text)) yield [node, ';', whole(node, 'statement')]
  }
}

const whole = ({ start, end }: Node, kind: Whole['kind']): Whole => ({ start, end, kind })

type Operation = { left: Node; right: Node; operator: string }

function* operatorChanges({ left, right, operator }: Operation): Generator<[place: Range, becomes: string]> {
  if (isText(left) || isText(right)) return
  // Nothing else stands between the two: parentheses belong to either side.
  const place = { start: left.end, end: right.start }
  for (const other of operators[operator] ?? []) yield [place, ` ${other} `]
}

const isText = (node: Node): boolean =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string')

function isLeftAlone(node: Node, text: (node: Node) => string): boolean {
  const call = node.type === 'AwaitExpression' ? node.argument : node
  return call.type === 'Literal' || (call.type === 'CallExpression' && leftAlone.test(text(call.callee)))
}
