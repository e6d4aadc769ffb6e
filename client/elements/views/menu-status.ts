// What the menu says below the name of a guest who is saved.
import type { GuestClient, UserInfo } from '../../index.ts'
import { countWays } from '../kit/ways.ts'

/** The address of a regular user, else how many ways back the guest has. */
export async function statusOf(client: GuestClient, guest: UserInfo): Promise<string | number> {
  if (guest.is_verified) {
    const [first] = await client.loginIds.list()
    if (first?.type === 'email') return first.value
  }
  return countWays(client)
}
