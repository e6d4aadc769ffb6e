import { describe, expect, it } from 'vitest'
import type { GuestClient } from '../../../client/index.ts'
import { setUp } from '../../support/client/clients.ts'
import { ok, problem } from '../../support/client/fake-server.ts'
import { rowsIn, section } from '../../support/pages.ts'

/** These take what a person typed or what was answered before, which may have more members. */
const takesMore = ['promotion.verify', 'codeSignIn.verify']

/** The functions that take options, as the page of the client names them: what comes before the options, and those. */
function functionsWithOptions() {
  let group = ''
  const cells = rowsIn(section('client/README.md', 'All functions')).map(([cell]) => cell!)
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([\w.]+)\(([^`]*)\)`/g)])
  return named.flatMap(([, said, params]) => {
    const name = said!.startsWith('.') ? group + said : said!
    group = name.replace(/\.\w+$/, '')
    const [, before, options] = /^(.*)\{ (.*) \}$/.exec(params!) ?? []
    if (options === undefined || takesMore.includes(name)) return []
    return [{ name, before: before!.split(',').slice(0, -1), options: options.split(', ') }]
  })
}

/** How a call ends at endpoints that know nobody; `sent` says whether it got so far. */
async function endOf(name: string, before: string[], options: object) {
  const { client, doors } = await setUp(() => problem(404, 'not_found'))
  const [first, second] = name.split('.') as [keyof GuestClient, string?]
  const found = second ? (client[first] as never)[second] : client[first]
  const call = found as (...given: unknown[]) => Promise<unknown>
  const error = await call(...before, options).catch((error: Error) => error)
  return { error, sent: doors.asked.length > 0 }
}

describe('a function that takes options', () => {
  it('is each of those that the page names', () => {
    expect(functionsWithOptions().length).toBeGreaterThan(18)
  })

  it.each(functionsWithOptions())(
    'rejects with an unknown one, and sends nothing: $name',
    async ({ name, before }) => {
      const { error, sent } = await endOf(name, before, { immediat: true })
      expect(error).toEqual(new TypeError('Unknown option: immediat'))
      expect(sent).toBe(false)
    },
  )

  it.each(functionsWithOptions())(
    'takes those that the page names: $name',
    async ({ name, before, options }) => {
      const given = Object.fromEntries(options.map((option) => [option, undefined]))
      expect((await endOf(name, before, given)).error).not.toBeInstanceOf(TypeError)
    },
  )

  it('also is passkeys.add with conditional, and claim of an opened link', async () => {
    const { client } = await setUp(() => ok({}))
    await expect(client.passkeys.add({ conditional: true, hint: [] } as never)).rejects.toThrow(
      new TypeError('Unknown option: hint'),
    )
    expect(await client.passkeys.add({ conditional: true })).toBeNull()
    const { claim } = await client.deviceLinks.open({ code: 'BCDF-GHJK' })
    await expect(claim({ abort: undefined } as never)).rejects.toThrow(new TypeError('Unknown option: abort'))
  })
})
