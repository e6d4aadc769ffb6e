import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createGuestClient, GuestClientError } from '../../../client/index.ts'
import { functionsOf, groupsOf, later, loadChunk } from '../../../client/lib/later.ts'
import { sentences } from '../../../client/lib/sentences.ts'
import { withSentences } from '../../../client/lib/with-sentences.ts'
import { codeOf } from '../../support/client/clients.ts'
import { startFakeServer } from '../../support/client/fake-server.ts'

const never = () => new Promise<never>(() => {})

/** Makes all time limits end in the next turn; `limits` lists them. */
function endLimits() {
  const limits: number[] = []
  const { setTimeout } = globalThis
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((end: () => void, milliseconds: number) => {
    limits.push(milliseconds)
    return setTimeout(end)
  }) as typeof setTimeout)
  onTestFinished(() => void vi.restoreAllMocks())
  return limits
}

/** A server that answers requests for a chunk with this status. */
async function startGone(status: number) {
  const doors = await startFakeServer(() => ({ status }))
  onTestFinished(async () => void (await doors.close()))
  return { doors, url: `${doors.origin}/client/part.js` }
}

describe('loadChunk', () => {
  it('loads once if that succeeds', async () => {
    const load = vi.fn(async () => 'chunk')
    expect(await loadChunk(load)).toBe('chunk')
    expect(load.mock.calls).toEqual([[false]])
  })

  it('loads once more if that fails, and says that it is another attempt', async () => {
    const load = vi.fn(async (again?: boolean) => {
      if (!again) throw new TypeError('Failed to fetch')
      return 'chunk'
    })
    expect(await loadChunk(load)).toBe('chunk')
    expect(load.mock.calls).toEqual([[false], [true]])
  })

  it('rejects with client_incomplete and the reason if that fails too', async () => {
    const load = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
    const error = await loadChunk(load).catch((error) => error)
    expect(error).toBeInstanceOf(GuestClientError)
    expect(error).toMatchObject({ code: 'client_incomplete', cause: { message: 'Failed to fetch' } })
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('waits 15 seconds at most for each attempt', async () => {
    const limits = endLimits()
    expect(await codeOf(loadChunk(never))).toBe('client_incomplete')
    expect(limits).toEqual([15_000, 15_000])
  })

  it.each([
    [404, 'client_outdated'],
    [410, 'client_outdated'],
    [403, 'client_incomplete'],
    [503, 'client_incomplete'],
    [200, 'client_incomplete'],
  ])('asks the server about the address in the error: %i is %s', async (status, code) => {
    const { doors, url } = await startGone(status)
    const load = () => Promise.reject(new TypeError(`Failed to fetch dynamically imported module: ${url}`))
    expect(await codeOf(loadChunk(load))).toBe(code)
    expect(doors.doors()).toEqual(['HEAD /client/part.js'])
  })

  it('finds the address in the words of a bundler', async () => {
    const { doors, url } = await startGone(503)
    const load = () => Promise.reject(new Error(`Loading chunk 5 failed.\n(error: ${url})`))
    expect(await codeOf(loadChunk(load))).toBe('client_incomplete')
    expect(doors.doors()).toEqual(['HEAD /client/part.js'])
  })

  it.each([
    ['https', 'text/html', false, 'client_outdated'],
    ['https', 'text/javascript', false, 'client_incomplete'],
    ['https', 'text/html', true, 'client_incomplete'],
    ['http', 'text/html', false, 'client_incomplete'],
  ])(
    'takes a page in place of the part as that there is no such part: %s, %s, redirected %s is %s',
    async (scheme, type, redirected, code) => {
      const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
        const answer = new Response(null, { headers: { 'content-type': type } })
        return Object.defineProperty(answer, 'redirected', { value: redirected })
      })
      onTestFinished(() => asked.mockRestore())
      const load = () => Promise.reject(new TypeError(`${scheme}://app.example/assets/part.js`))
      expect(await codeOf(loadChunk(load))).toBe(code)
    },
  )

  it('is client_incomplete if the server cannot be asked', async () => {
    const { doors, url } = await startGone(404)
    await doors.close()
    expect(await codeOf(loadChunk(() => Promise.reject(new TypeError(url))))).toBe('client_incomplete')
  })
})

describe('later', () => {
  it('makes its part once, for all who ask at once and after', async () => {
    const make = vi.fn(({ n }: { n: number }) => ({ n }))
    const part = later(async () => ({ n: 1 }), make)
    expect(part.made).toBeUndefined()
    const [one, other] = await Promise.all([part.get(), part.get()])
    expect([one, other, await part.get(), part.made]).toEqual(Array(4).fill(one))
    expect(make).toHaveBeenCalledTimes(1)
  })

  it('tries again after a failure', async () => {
    let fails = true
    const part = later(
      async () => {
        if (fails) throw new TypeError('Failed to fetch')
        return 'chunk'
      },
      (chunk) => chunk,
    )
    expect(await codeOf(part.get())).toBe('client_incomplete')
    fails = false
    expect(await part.get()).toBe('chunk')
  })
})

describe('the functions of a later part', () => {
  it('are there before the part, pass on what they get and what they give, and keep their order', async () => {
    const heard: unknown[] = []
    const load = async () => ({
      add: (...given: number[]) => heard.push(...given),
      group: { list: async () => [...heard] },
    })
    const part = later(load, (made) => made)
    const { add } = functionsOf(part.get, ['add'])
    const { group } = groupsOf(part, { group: ['list'] })
    expect(part.made).toBeUndefined()
    const all = await Promise.all([add(1, 2), add(3), group.list()])
    expect(all).toEqual([2, 3, [1, 2, 3]])
  })
})

describe('withSentences', () => {
  beforeEach(() => void vi.stubGlobal('window', globalThis))
  const explain = (error: GuestClientError) => void Object.assign(error, { message: 'A sentence.' })
  const messageOf = (promise: Promise<unknown>) => promise.catch(({ message }) => message)
  const failing = (error: Error) => ({ group: { work: () => Promise.reject(error) }, now: () => 1 })

  it('gives an error its sentence before the page gets it, and leaves all else as it is', async () => {
    const { group, now } = withSentences(failing(new GuestClientError('not_found')), async () => ({
      explain,
    }))
    expect(await messageOf(group.work())).toBe('A sentence.')
    expect(now()).toBe(1)
    const misspelt = new TypeError('Unknown option: x')
    const { group: other } = withSentences(failing(misspelt), async () => ({ explain }))
    expect(await messageOf(other.work())).toBe('Unknown option: x')
  })

  it('waits for nothing if what went wrong keeps the sentences away too', async () => {
    for (const code of ['network', 'timeout', 'client_incomplete', 'client_outdated'] as const) {
      const load = vi.fn(never)
      const { group } = withSentences(failing(new GuestClientError(code)), load)
      expect(await messageOf(group.work())).toBe(sentences[code])
      expect(load).not.toHaveBeenCalled()
    }
  })

  it.each([
    'cancelled',
    'aborted',
    'unsupported',
    'already_here',
    'not_allowed_here',
    'no_user_verification',
    'authenticator_error',
  ] as const)(
    'waits no longer than a moment if a dialog failed, because another one may follow: %s',
    async (code) => {
      const { group: waiting } = withSentences(failing(new GuestClientError(code)), never)
      const began = Date.now()
      expect(await messageOf(waiting.work())).toBe('That did not work: please try again.')
      expect(Date.now() - began).toBeLessThan(1000)
      const { group: ready } = withSentences(
        failing(new GuestClientError(code)),
        () => import('../../../client/lib/explain.ts'),
      )
      expect(await messageOf(ready.work())).toBe(sentences[code])
    },
  )

  it('has the sentence in the stack too', async () => {
    const error = new GuestClientError('not_found')
    // Some engines write the message into the stack only when somebody first reads it.
    expect(error.stack).not.toContain(sentences.not_found)
    const { group } = withSentences(failing(error), () => import('../../../client/lib/explain.ts'))
    await messageOf(group.work())
    expect(error.stack).toContain(`Error: ${sentences.not_found}\n`)
  })

  it('waits five seconds at most, and then gives a plain sentence', async () => {
    const limits = endLimits()
    const { group } = withSentences(failing(new GuestClientError('not_found')), never)
    expect(await messageOf(group.work())).toBe('That did not work: please try again.')
    expect(limits[0]).toBe(5000)
  })

  it('makes a code that guestkey does not have one by its status', async () => {
    const load = () => import('../../../client/lib/explain.ts')
    for (const [status, code] of [
      [403, 'forbidden'],
      [429, 'too_many_requests'],
      [418, 'server_error'],
    ] as const)
      for (const foreign of ['constructor', 'client_banned']) {
        const { group } = withSentences(failing(new GuestClientError(foreign as never, '', status)), load)
        expect(await codeOf(group.work())).toBe(code)
      }
  })

  it('makes any other error one with a code, but for that of an unknown option, and all errors of fetch', async () => {
    const load = () => import('../../../client/lib/explain.ts')
    const thrown = new DOMException('no', 'SecurityError')
    const { group, fetch } = withSentences(
      { group: { work: () => Promise.reject(thrown) }, fetch: () => Promise.reject(thrown) },
      load,
    )
    const error = await group.work().catch((error) => error)
    expect(error).toMatchObject({ code: 'client_failed', cause: thrown, message: sentences.client_failed })
    await expect(fetch()).rejects.toBe(thrown)
    const wrong = new TypeError('Unknown option: forse')
    await expect(withSentences(failing(wrong), load).group.work()).rejects.toBe(wrong)
  })

  it('gives up a code that may not be one of guestkey if the part cannot be loaded', async () => {
    const gone = () => Promise.reject(new TypeError('gone'))
    const codeAfter = (type: string) => {
      const error = new GuestClientError('csrf' as never, { type, code: 'csrf' }, 403)
      return codeOf(withSentences(failing(error), gone).group.work())
    }
    expect(await codeAfter('about:blank')).toBe('forbidden')
    expect(await codeAfter('urn:guestkey:problem:csrf')).toBe('csrf')
    expect(await codeOf(withSentences(failing(new GuestClientError('storage')), gone).group.work())).toBe(
      'storage',
    )
  })
})

describe('on a server', () => {
  it('every function rejects and names what is for servers, and what answers at once does nothing', async () => {
    // An open channel would keep the process running.
    const opened = vi.fn()
    vi.stubGlobal('BroadcastChannel', opened)
    const client = createGuestClient()
    onTestFinished(client.close)
    const work = [client.user(), client.signInAnonymously(), client.passkeys.add(), client.fetch('/')]
    for (const result of work) {
      const error = await result.catch((error) => error)
      expect(error).toMatchObject({
        code: 'not_a_browser',
        message: expect.stringContaining('guests.guestOf'),
      })
    }
    client.onChange(() => {})
    expect([client.passkeys.supported(), client.deviceLinks.pending()]).toEqual([false, null])
    expect(opened).not.toHaveBeenCalled()
  })

  it('a client in token mode is made without an address of a page', async () => {
    const client = createGuestClient({ mode: 'token' })
    expect(await codeOf(client.user())).toBe('not_a_browser')
  })
})
