// The dialog for a code by e-mail: asks for an address, and then for the code that was sent there.
import { type CodeTransaction, type GivenCode, GuestClientError } from '../../index.ts'
import { byId, onAction } from '../shell/dom.ts'
import { mailboxPart } from './mailbox.ts'

/** What the code is for: the texts, and the requests. */
export interface Errand<Result> {
  title: string
  lead: string
  /** The text after the code has been sent. */
  sent: (address: string) => string
  start: (address: string) => Promise<CodeTransaction>
  verify: (given: GivenCode) => Promise<Result>
}

/** Connects the dialog. It covers the messages of the page, so it shows by itself what went wrong. */
export function codesPart() {
  const dialog = byId<HTMLDialogElement>('code-dialog')
  const [address, code] = [byId<HTMLInputElement>('address'), byId<HTMLInputElement>('code')]
  const button = (id: string) => byId<HTMLButtonElement>(id)
  const mailbox = mailboxPart()
  let errand: Errand<unknown>
  let transaction = ''
  let end: { result?: unknown; error?: unknown } = {}
  let leave = () => {}

  /**
   * Asks until there is a result; resolves to undefined if the guest leaves. Rejects with `login_id_taken`, and with
   * an error that is no GuestClientError; any other one is shown beside the field.
   */
  async function ask<Result>(next: Errand<Result>, known = ''): Promise<Result | undefined> {
    errand = next
    end = {}
    byId('code-title').textContent = next.title
    address.value = known
    showAddress()
    dialog.showModal()
    if (known) byId<HTMLFormElement>('address-form').requestSubmit()
    await new Promise<void>((resolve) => {
      leave = resolve
    })
    dialog.close()
    mailbox.close()
    if (end.error) throw end.error
    return end.result as Result | undefined
  }

  function showAddress(): void {
    mailbox.close()
    byId('code-lead').textContent = errand.lead
    turnTo(address)
  }

  function showCode(): void {
    byId('code-lead').textContent = errand.sent(address.value.trim())
    code.value = ''
    turnTo(code)
    mailbox.open()
  }

  /** Shows one step at a time: hides the fields of the other one. */
  function turnTo(field: HTMLInputElement): void {
    byId('address-form').hidden = field !== address
    byId('code-form').hidden = field !== code
    for (const one of [address, code]) refuse(one, '')
    field.focus()
  }

  function refuse(field: HTMLInputElement, message: string): void {
    byId(`${field.id}-error`).textContent = message
    field.ariaInvalid = message ? 'true' : null
    if (message) field.focus()
  }

  /** Shows an error beside the field, so that the guest can correct the text or try again. */
  async function orRefuse(field: HTMLInputElement, work: () => Promise<void>): Promise<void> {
    const mine = errand
    try {
      await work()
    } catch (error) {
      if (mine !== errand || !dialog.open) return
      const isOurs = error instanceof GuestClientError && error.code !== 'login_id_taken'
      if (isOurs) return refuse(field, error.message)
      end = { error }
      leave()
    }
  }

  onAction(byId('address-form'), 'submit', button('send-code'), () =>
    orRefuse(address, async () => {
      const mine = errand
      const sent = await errand.start(address.value.trim())
      if (mine !== errand || !dialog.open) return // the guest has left the dialog meanwhile
      transaction = sent.transaction
      showCode()
    }),
  )
  onAction(byId('code-form'), 'submit', button('confirm-code'), () =>
    orRefuse(code, async () => {
      const mine = errand
      const result = await errand.verify({ transaction, code: code.value })
      if (mine !== errand) return
      end = { result }
      leave()
    }),
  )
  button('code-back').addEventListener('click', showAddress)
  for (const id of ['address-cancel', 'code-cancel']) button(id).addEventListener('click', () => leave())
  // The guest has pressed Escape. The event comes late: the dialog may be open again by then.
  dialog.addEventListener('close', () => {
    if (!dialog.open) leave()
  })

  return { ask }
}
