// Solves the challenge that the server sets in a flood (ALTCHA, version 2): tries counters until the key derived from one
// begins as wanted. A browser does that in a worker, which is this file itself; where it may not, in the page.
import { type Challenge, type Solution, solveChallenge } from 'altcha-lib'
import type { GuestClientError } from '../lib/errors.ts'

const workerName = 'guestkey-prove'

const deriveKey: Parameters<typeof solveChallenge>[0]['deriveKey'] = async ({ cost }, salt, password) => {
  const { subtle } = crypto
  const key = await subtle.importKey('raw', password as BufferSource, 'PBKDF2', false, ['deriveBits'])
  const parameters = {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt: salt as BufferSource,
    iterations: cost,
  }
  return { derivedKey: new Uint8Array(await subtle.deriveBits(parameters, key, 256)) }
}

const solve = (challenge: Challenge) => solveChallenge({ challenge, deriveKey })

/** A script that may run as a worker where the page wants Trusted Types. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy: (name: string, rules: object) => { createScriptURL(url: string): string } }
  }
  return trustedTypes?.createPolicy(workerName, { createScriptURL: () => url }).createScriptURL(url) ?? url
}

/** Undefined if there is no worker to be had: a bundler made another file of this one, or a policy of the page forbids it. */
function solveInWorker(challenge: Challenge): Promise<Solution | undefined> {
  return new Promise((resolve) => {
    const url = import.meta.url
    if (!/\/client\/prove-[\w-]+\.js/.test(url)) return resolve(undefined)
    try {
      const worker = new Worker(trusted(url), { type: 'module', name: workerName })
      const end = (solution?: Solution) => {
        worker.terminate()
        resolve(solution)
      }
      worker.onmessage = ({ data }) => end(data)
      worker.onerror = () => end()
      worker.postMessage(challenge)
    } catch {
      resolve(undefined)
    }
  })
}

if ((globalThis as { name?: string }).name === workerName)
  globalThis.onmessage = async ({ data }: MessageEvent<Challenge>) => postMessage(await solve(data))

/**
 * Solves the challenge in the error `proof_of_work_required`, and does the work again that was refused by it. While it does,
 * requests have what `send` was called with in the header `Altcha`.
 */
export async function prove<T>(
  error: GuestClientError,
  work: () => Promise<T>,
  send: (proof?: string) => void,
): Promise<T> {
  const { challenge } = error.cause as { challenge: Challenge }
  const solution = (await solveInWorker(challenge)) ?? (await solve(challenge))
  send(btoa(JSON.stringify({ challenge, solution })))
  return work().finally(send)
}
