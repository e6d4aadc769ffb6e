// An OpenID provider on this machine, with a login page and a consent page. It accepts any user name.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { onTestFinished } from 'vitest'

export const providerClient = { clientId: 'guestkey', clientSecret: 'the secret of guestkey at the provider' }

/** Starts a provider that accepts these redirect URIs. It stops when the test ends. */
export async function startProvider(redirectUris: string[]) {
  let handle: ReturnType<Provider['callback']>
  const server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: providerClient.clientId,
        client_secret: providerClient.clientSecret,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    cookies: { keys: ['the key of the cookies of the provider'] },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  })
  handle = provider.callback()
  return {
    issuer,
    provider,
    /** From now on, also accepts these redirect URIs. */
    async sendBackTo(callbacks: string[]) {
      const { Client } = provider as unknown as {
        Client: { find: (id: string) => Promise<{ redirectUris: string[] }> }
      }
      ;(await Client.find(providerClient.clientId)).redirectUris = callbacks
    },
  }
}

/**
 * Leads a browser from the provider's authorization endpoint through login and consent. Returns the URL to which the
 * provider sends it back; with `cancel`, that URL has an error. If the answer is a form, its fields are the query.
 */
export async function signInAt(location: string, user: string, { cancel = false } = {}): Promise<string> {
  const cookies = new Map<string, string>()
  const ask = async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return response
  }
  const { origin } = new URL(location)
  let url = location
  for (let steps = 0; steps < 12; steps++) {
    const response = await ask(url)
    const next = response.headers.get('location')
    if (next) {
      url = new URL(next, url).href
      if (new URL(url).origin !== origin) return url
      continue
    }
    const page = await response.text()
    const action = /action="([^"]+)"/.exec(page)?.[1]
    if (!action) throw new Error(`no form at ${url}: ${response.status}`)
    if (new URL(action, url).origin !== origin) {
      // response_mode=form_post: the page sends a form to the callback. Its fields stand in for a query here.
      const fields = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name!,
        value!,
      ])
      return `${action}?${new URLSearchParams(fields)}`
    }
    if (cancel) {
      url = new URL(/href="([^"]*abort[^"]*)"/.exec(page)![1]!, url).href
      continue
    }
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)![1]!
    const answer = await ask(new URL(action, url).href, { prompt, login: user, password: 'any' })
    url = new URL(answer.headers.get('location')!, url).href
  }
  throw new Error('the provider redirects without an end')
}
