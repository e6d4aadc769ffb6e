// Reads sources as syntax trees: what a test asks about code that it does not run.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

const root = join(import.meta.dirname, '../..')

/** A node of the syntax tree (ESTree). */
export type Node = { type: string; [name: string]: unknown }

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string'

/** The nodes right below this one. */
export const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

/** This node and all below it. */
export const nodesIn = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(nodesIn)]

/** The sources that a pattern from the root finds: their paths, and the nodes of each. */
export const parsed = (pattern: string, exclude: string[] = []): { file: string; nodes: Node[] }[] =>
  globSync(pattern, { cwd: root, exclude })
    .toSorted()
    .map((file) => {
      const { program } = parseSync(file, readFileSync(join(root, file), 'utf8'))
      return { file, nodes: nodesIn(program as never) }
    })
