// Everything that the endpoints say about a guest who is signed in.

import type { Node } from './deployment.ts'
import type { Story } from './story.ts'

const doors = [
  'userinfo',
  'profile',
  'passkeys',
  'passkeys/signal',
  'device-keys',
  'recovery-codes',
  'login-ids',
  'sessions',
  'account/export',
]

/** The same guests, with what each endpoint says now. */
export async function accountsNow(node: Node, accounts: Story['accounts']): Promise<Story['accounts']> {
  const now: Story['accounts'] = []
  for (const { name, cookies } of accounts) {
    const says: Record<string, unknown> = {}
    for (const door of doors) {
      const { status, body, headers } = await node
        .browser(cookies)
        .ask({ method: 'GET', path: `/guest/${door}` })
      says[door] = { status, body, ...(door === 'profile' && { etag: headers.etag }) }
    }
    now.push({ name, cookies, says })
  }
  return now
}
