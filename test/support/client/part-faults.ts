// Parts of the client that are slow or missing, by Node's own `import()`.
import { registerHooks } from 'node:module'
import { onTestFinished } from 'vitest'

const waits: Promise<unknown>[] = []
Object.assign(globalThis, { waitForPart: (turn: number) => waits[turn] })

/**
 * From now on until the test ends, or `end()`, `import()` of this part of the client waits for `until`: a page gets the part
 * then, or the reason why not. `part` is a file name without `.ts`.
 */
export function hinderPart(part: string, until: Promise<unknown>): { end(): void } {
  until.catch(() => {})
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const { url, ...resolved } = next(specifier, context)
      if (!context.parentURL?.endsWith('/client/chunks.ts') || !url.endsWith(`/${part}.ts`))
        return { url, ...resolved }
      const turn = waits.push(until) - 1
      const code = `await waitForPart(${turn}); export * from ${JSON.stringify(url)}`
      return { url: `data:text/javascript,${encodeURIComponent(code)}`, format: 'module', shortCircuit: true }
    },
  })
  let ended = false
  const end = () => {
    if (!ended) hooks.deregister()
    ended = true
  }
  onTestFinished(end)
  return { end }
}

/** As if the part could not be loaded. */
export const losePart = (part: string) => hinderPart(part, Promise.reject(new TypeError('Failed to fetch')))
