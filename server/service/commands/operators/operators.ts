// `guestkey operators`: lists the operators, adds, invites and removes them, and changes their roles.

import type { OperatorInvitation, Operators } from '../../../http/admin/host.ts'
import type { OperatorRole } from '../../../types.ts'
import { type Command, misuse, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

type Action = {
  /** Whether it takes --role. */
  takesRole: boolean
  run: (operators: Operators, name: string, role: OperatorRole) => Promise<void>
}

/** What lists something, one line of JSON each. */
const lists: Record<string, (operators: Operators) => Promise<object[]>> = {
  list: (operators) => operators.list(),
  'ways-in': (operators) => operators.waysIn(),
}

const actions: Record<string, Action> = {
  add: {
    takesRole: true,
    run: async (operators, name, role) => tellLink(await operators.add(name, role)),
  },
  invite: {
    takesRole: false,
    run: async (operators, name) => tellLink(await operators.invite(name)),
  },
  role: {
    takesRole: true,
    async run(operators, name, role) {
      await operators.setRole(name, role)
      say(`Now ${role}: ${name}.`)
    },
  },
  remove: {
    takesRole: false,
    async run(operators, name) {
      await operators.remove(name)
      say(`Removed: ${name}.`)
    },
  },
}

export const operators: Command = {
  operands: ['action', 'name'],
  mayOmit: true,
  options: { role: { type: 'string' } },
  help: `
guestkey operators [list]
guestkey operators add <name> --role <role>
guestkey operators invite <name>
guestkey operators role <name> --role <role>
guestkey operators remove <name>
guestkey operators ways-in

Lists the operators as one line of JSON each, or adds, invites, changes or removes one. Operators sign in with passkeys
at the API below /guest/admin, which is on if GUESTKEY_OPERATORS_ORIGIN, GUESTKEY_OPERATORS_PORT or the option operators
is set. <name> may be the operator's id, too, unless it is a new one.

add prints a link, which is good once, for 24 hours. Whoever opens it first becomes the operator: send it to that person
alone. invite prints a new link for an operator who has lost the first one, or the passkey. The passkey that is made with
it replaces all earlier ones.

<role> is viewer (reads), support (acts on one guest, too) or owner (everything). Another role ends the operator's
sessions. The last owner who can sign in is neither changed nor removed.

ways-in lists the ways in that operators have opened for guests who have lost everything, and that are neither used nor over,
as one line of JSON each.

  guestkey operators add ada --role owner
  guestkey operators role ada --role viewer`,

  async run({ values: { role }, operands: [action = 'list', name] }) {
    const list = Object.hasOwn(lists, action) ? lists[action] : undefined
    if (list) {
      if (name !== undefined || role !== undefined) throw misuse(`${action} takes no name and no --role.`)
      return withGuests(async (guests) => {
        for (const one of await list(guests.operators)) say(JSON.stringify(one))
        return 0
      })
    }
    const found = Object.hasOwn(actions, action) ? actions[action]! : undefined
    if (!found)
      throw misuse(
        `There is no action ${action}. There are: ${Object.keys({ ...lists, ...actions }).join(', ')}.`,
      )
    if (name === undefined) throw misuse(`<name> is missing: guestkey operators ${action} <name>.`)
    if (found.takesRole !== (role !== undefined))
      throw misuse(
        found.takesRole ? `--role is missing. It is viewer, support or owner.` : `${action} takes no --role.`,
      )
    return withGuests(async (guests) => {
      await found.run(guests.operators, name, role as OperatorRole)
      return 0
    })
  },
}

function tellLink({ link, expires_at }: OperatorInvitation): void {
  say(`Good once, until ${new Date(expires_at * 1000).toISOString()}:`)
  say(link)
}
