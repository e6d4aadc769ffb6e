import { expect, test } from 'vitest'
import { mayRefresh } from '../../../server/rules/refresh.ts'

const granted = { clientId: 'spa', jkt: 'key', scope: 'read write' }
const mine = { clientId: 'spa', jkt: 'key', scope: [] }

test.each([
  ['its client with its key, for all of the scope', granted, mine, true],
  ['its client for some of the scope', granted, { ...mine, scope: ['write'] }, true],
  ['a client that is bound to no key, whatever key it proves', { ...granted, jkt: null }, mine, true],
  ['another client', granted, { ...mine, clientId: 'other' }, false],
  ['its client with another key', granted, { ...mine, jkt: 'other' }, false],
  ['its client with no key', granted, { ...mine, jkt: null }, false],
  ['its client for more scope', granted, { ...mine, scope: ['read', 'admin'] }, false],
  ['its client for a part of the name of a scope', granted, { ...mine, scope: ['rea'] }, false],
  [
    'its client for a scope, if the session has none',
    { ...granted, scope: '' },
    { ...mine, scope: ['read'] },
    false,
  ],
])('a session may be refreshed by %s: %#', (_who, session, by, may) => {
  expect(mayRefresh(session, by)).toBe(may)
})
