import { describe, expect, it, vi } from 'vitest'
import { codeOf, setUp } from '../../support/client/clients.ts'
import { type Answers, guest, ok, problem } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

interface Attributes {
  nickname: string
  colour: string
}

const profile = (attributes: Partial<Attributes>) => ({
  anonymous_id: 'a',
  is_anonymous: true,
  is_verified: false,
  isPromoted: false,
  attributes,
  updated_at: 1_800_000_000,
})

const setUpProfile = async (profileDoor: Answers) => {
  const set = await setUp<Attributes>((door, body, asked) =>
    door.endsWith('/profile') ? profileDoor(door, body, asked) : ok(guest('a')),
  )
  const ifMatch = () =>
    set.doors.headers.flatMap((headers, i) =>
      set.doors.asked[i]?.door === 'PATCH /profile' ? [headers['if-match']] : [],
    )
  return { ...set, ifMatch }
}

describe('the profile', () => {
  it('is read with its version', async () => {
    const { client, doors } = await setUpProfile(() => ok(profile({ nickname: 'Fox' }), { etag: '"3"' }))
    const read = await client.profile.get()
    expect(read).toEqual({ ...profile({ nickname: 'Fox' }), etag: '"3"' })
    expect(read.attributes.nickname?.toUpperCase()).toBe('FOX')
    expect(doors.doors()).toEqual(['GET /profile'])
  })

  it('is changed by attribute name, whatever its version; null removes an attribute', async () => {
    const { client, doors, ifMatch } = await setUpProfile(() =>
      ok(profile({ nickname: 'Fox' }), { etag: '"4"' }),
    )
    const changed = await client.profile.update({ nickname: 'Fox', colour: null })
    expect(changed).toEqual({ ...profile({ nickname: 'Fox' }), etag: '"4"' })
    expect(doors.asked[0]).toEqual({
      door: 'PATCH /profile',
      body: { attributes: { nickname: 'Fox', colour: null } },
    })
    expect(ifMatch()).toEqual([undefined])
  })

  it('is changed only in the version of ifMatch', async () => {
    const { client, doors, ifMatch } = await setUpProfile(() => problem(412, 'precondition_failed'))
    expect(await codeOf(client.profile.update({ nickname: 'Fox' }, { ifMatch: '"3"' }))).toBe(
      'precondition_failed',
    )
    expect(ifMatch()).toEqual(['"3"'])
    expect(doors.asked.length).toBe(1)
  })

  it.each([
    [400, 'attribute_invalid'],
    [404, 'no_profile'],
    [413, 'profile_too_large'],
  ])('rejects with the code of the server: %i %s', async (status, code) => {
    const { client } = await setUpProfile(() => problem(status, code))
    const error = await client.profile.update({ nickname: '' }).catch((error) => error)
    expect(error).toMatchObject({ code, status, cause: { detail: 'words for developers' } })
    expect(await codeOf(client.profile.get())).toBe(code)
  })

  it('asks who is signed in after a change, in all tabs, since prompts may have changed', async () => {
    let prompts = ['add_attribute:nickname']
    const { client, open } = await setUp((door) => {
      if (door === 'GET /userinfo') return ok(guest('a', { prompts }))
      prompts = []
      return ok(profile({}), { etag: '"1"' })
    })
    const other = open()
    await Promise.all([client.user(), other.user()])
    const [here, there] = [vi.fn(), vi.fn()]
    client.onChange(here)
    other.onChange(there)
    await client.profile.update({ nickname: 'Fox' })
    expect(here.mock.calls).toEqual([[guest('a')]])
    await eventually(() => expect(there.mock.calls).toEqual([[guest('a')]]))
  })

  it('is changed even if the server cannot say who is signed in after that', async () => {
    const { client } = await setUp((door) =>
      door === 'PATCH /profile' ? ok(profile({}), { etag: '"1"' }) : 'cut',
    )
    expect((await client.profile.update({ nickname: 'Fox' })).etag).toBe('"1"')
  })
})
