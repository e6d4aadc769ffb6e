// GuestkeyElement: what all elements have in common. It finds the client and the language, loads the view of the element when it
// is first shown, and draws it again when something has changed. Until then, what the host put inside is shown.
import type { GuestClient } from '../index.ts'
import { h, morph, sheet } from './kit/dom.ts'
import { down } from './kit/drawings.ts'
import { watchGuest } from './kit/guests.ts'
import { mark } from './kit/mark.ts'
import type { ElementEvents, MakeView, Stage, View } from './kit/stage.ts'
import { chooseLanguage, createWords, type Spoken, type Texts } from './kit/words.ts'
import { languages, loadClient, loadPieces } from './parts.ts'
import { base } from './styles/base.ts'

/** What an element loads: the module of its view, and further ones whose style sheets and functions it uses. */
type Load<Host extends HTMLElement> = () => Promise<{ view: MakeView<Host> }>

type PiecesModule = Awaited<ReturnType<typeof loadPieces>>
type ViewOfPieces<Host extends HTMLElement> = (
  stage: Stage<Host>,
  pieces: ReturnType<PiecesModule['createPieces']>,
  module: PiecesModule,
) => View

/** Loads a view that is made of the pieces, and these. */
export const withPieces =
  <Host extends HTMLElement>(load: () => Promise<{ view: ViewOfPieces<Host> }>): Load<Host> =>
  async () => {
    const [pieces, { view }] = await Promise.all([loadPieces(), load()])
    return { view: (stage) => view(stage, pieces.createPieces(stage), pieces) }
  }

const clients: Record<string, Promise<GuestClient>> = {}
let pageClient: GuestClient | undefined
/** Tells the elements that are in the page of another `pageClient`. */
const shared = new EventTarget()

/** All elements without a client of their own use this one from now on, those that are in the page already too. */
export function shareClient(client: GuestClient): void {
  if (client === pageClient) return
  pageClient = client
  shared.dispatchEvent(new Event('client'))
}

const clientAt = (baseUrl = '') => {
  clients[baseUrl] ??= loadClient().then(({ createGuestClient }) =>
    createGuestClient(baseUrl ? { baseUrl } : {}),
  )
  // A client that could not be loaded is asked for again.
  clients[baseUrl].catch(() => delete clients[baseUrl])
  return clients[baseUrl]
}

// On a server there is no such class: an import must not fail there.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

export abstract class GuestkeyElement extends Base {
  static observedAttributes = [
    'lang',
    'what',
    'app',
    'variant',
    'compact',
    'account-url',
    'link-url',
    'heading-level',
  ]

  /** Further texts that the element needs, by language. */
  protected readonly languages: typeof languages | undefined

  /** Loads the view. Each class has its own. */
  protected abstract readonly load: Load<never>

  #client: GuestClient | undefined
  #texts: Partial<Texts> = {}
  #spoken: Spoken = { texts: {}, language: 'en', tag: 'en' }
  #here: AbortController | undefined
  #view: View | undefined
  #body = h('div')
  #status = h('div', { class: 'said', role: 'status' })
  #isDue = false

  constructor() {
    super()
    this.attachShadow({ mode: 'open' }).append(h('slot'))
    // Properties that were set before this class was there hide its own.
    for (const [name, value] of Object.entries(this)) {
      delete this[name as keyof this]
      this[name as keyof this] = value as never
    }
  }

  /** The client. Default: that of `shareClient`, else one for all elements of the page with this `base-url`. */
  get client(): GuestClient | undefined {
    return this.#client
  }
  set client(client: GuestClient | undefined) {
    if (client === this.#client) return
    this.#client = client
    // Not before the element is in the page, nor while it is made.
    if (this.#here) this.#restart()
  }

  /** Texts of your own, in place of ours, by their keys. */
  get texts(): Partial<Texts> {
    return this.#texts
  }
  set texts(texts: Partial<Texts>) {
    this.#texts = texts
    this.update()
  }

  connectedCallback(): void {
    this.#restart()
  }

  disconnectedCallback(): void {
    this.#here?.abort()
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.#view) return
    if (name === 'lang') void this.#learn().then(() => this.update())
    else this.update()
  }

  /** Draws the element again, soon, however often it is called. */
  protected update(): void {
    if (this.#isDue || !this.#view) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      morph(this.#body, this.#view?.draw())
      this.#view?.drawn?.()
    })
  }

  #restart(): void {
    this.#here?.abort()
    this.#here = new AbortController()
    const { signal } = this.#here
    if (!this.#client) shared.addEventListener('client', () => this.#restart(), { once: true, signal })
    this.#start(signal).catch((error) => {
      if (signal.aborted) return
      this.#emit('guestkey-error', { error })
      // What could not be loaded is asked for again when there is a network.
      addEventListener('online', () => this.#restart(), { once: true, signal })
    })
  }

  async #start(signal: AbortSignal): Promise<void> {
    const [client, { view }] = await Promise.all([
      this.#client ?? pageClient ?? clientAt(this.getAttribute('base-url') ?? undefined),
      this.load(),
      this.#learn(),
    ])
    if (signal.aborted) return
    const watched = watchGuest(client, signal, () => this.update())
    const stage: Stage = {
      host: this,
      client,
      h,
      sheet,
      mark,
      icon,
      drawings,
      guestName,
      heading: (below = 0) => `h${Math.min(6, levelOf(this) + below)}`,
      t: createWords(() => ({ ...this.#spoken, texts: { ...this.#spoken.texts, ...this.#texts } })),
      get guest() {
        return watched.guest
      },
      get last() {
        return watched.guest ? undefined : watched.last
      },
      signal,
      update: () => this.update(),
      say: (text) => {
        this.#status.textContent = text
      },
      emit: (name, detail) => this.#emit(name, detail),
    }
    this.#view = (view as MakeView<HTMLElement>)(stage)
    const root = this.shadowRoot!
    root.adoptedStyleSheets = [base, this.#view.css].map(sheet)
    root.replaceChildren(this.#body, this.#status)
    // Whoever presses Escape twice closes a dialog whatever the page says. It opens again if it is still to be answered.
    root.addEventListener('close', () => this.update(), { capture: true, signal })
    this.update()
  }

  /** Loads the texts of the element's language. */
  async #learn(): Promise<void> {
    const chosen = chooseLanguage(this, Object.keys(languages))
    const [{ texts }, more] = await Promise.all([
      languages[chosen.language]!(),
      this.languages && this.languages[chosen.language]!(),
    ])
    this.#spoken = { ...chosen, texts: { ...texts, ...more?.texts } }
    this.#body.lang = chosen.language
  }

  #emit<Name extends keyof ElementEvents>(name: Name, detail: ElementEvents[Name]): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
    )
  }
}

/** A short name does not break at its hyphens; a long one may break anywhere. */
const guestName = (label: string) => h('bdi', { class: `guest${label.length > 24 ? ' long' : ''}` }, label)

/** The level of the heading of an element: 2 if it says none. */
const levelOf = (element: Element) =>
  Number(/^[1-6]$/.exec(element.getAttribute('heading-level') ?? '')?.[0] ?? 2)

const drawings: Record<string, string> = { down }

const icon = (name: string, kind = 'm') =>
  h(
    'svg',
    { class: `icon ${kind}`, viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    h('path', { d: drawings[name] }),
  )
