// The console: a page for operators. It signs the operator in, and shows the view that the address names.
import { type Child, h, morph } from '../elements/kit/dom.ts'
import { check } from '../elements/kit/icons.ts'
import { frame } from './page/frame.ts'
import { listenToKeys } from './page/keys.ts'
import { failed, icon } from './page/pieces.ts'
import { regain } from './page/regain.ts'
import { go, invitationNow, routeNow } from './page/router.ts'
import { search } from './page/search.ts'
import type { MakeView, Stage, View } from './page/stage.ts'
import { ApiError, get, isCode, whenRefused } from './server/api.ts'
import { isOver, lookAgain, lookWho, whenChanged, whoIs } from './server/session.ts'
import { dress } from './styles/document.ts'
import { loadLabels } from './words/labels.ts'
import { texts } from './words/words.ts'

const views: Record<string, () => Promise<{ view: MakeView }>> = {
  overview: () => import('./views/overview.ts'),
  guests: () => import('./views/guests.ts'),
  guest: () => import('./views/guest.ts'),
  audit: () => import('./views/audit.ts'),
  webhooks: () => import('./views/webhooks.ts'),
  settings: () => import('./views/settings.ts'),
  operators: () => import('./views/operators.ts'),
  upkeep: () => import('./views/upkeep.ts'),
  you: () => import('./views/you.ts'),
}

const { name = '', accent = '' } = document.body.dataset
const root = h('div', { id: 'app' })
const said = h('p', { class: 'said', role: 'status' })

let view: View | undefined
/** Of the view that is shown; it goes up when the person goes elsewhere. */
let number = 0
let problem: unknown
let failures = 0
let isDrawing = false

/** Draws soon, and once for several changes. */
function update(): void {
  if (isDrawing) return
  isDrawing = true
  queueMicrotask(() => {
    isDrawing = false
    draw()
  })
}

function draw(): void {
  const had = document.activeElement
  drawAll()
  // What had the focus is gone, such as a row that was removed.
  if (had !== document.body && !had?.isConnected) focusTitle()
}

function drawAll(): void {
  const me = whoIs()
  // Only hidden: what was typed is there again if the same operator signs in.
  root.hidden = isOver()
  const content: Child = problem !== undefined ? failed(problem, () => location.reload()) : view?.draw()
  document.title = [!isOver() && view?.title(), name].filter(Boolean).join(' · ')
  if (!me) {
    morph(root, h('main', { class: 'centre', 'data-key': number }, content))
    return
  }
  const parts = { name, route: routeNow(), me, failures, searched: search.text, find }
  morph(root, frame(parts, content ?? h('p', { class: 'meta' }, texts.loading), String(number)))
}

/** Shows the view that the address names. */
async function show(): Promise<void> {
  const mine = ++number
  const route = routeNow()
  const isHere = () => mine === number
  view = undefined
  problem = undefined
  const stage: Stage = { route, name, update: () => isHere() && update(), say, isHere }
  try {
    const { view: make } = await loadView(route.view === 'guests' && route.of ? 'guest' : route.view)
    if (!isHere()) return
    view = make(stage)
  } catch (error) {
    if (!isHere()) return
    problem = error
  }
  draw()
  scrollTo(0, 0)
  focusTitle()
}

/** Who types stays in the field. */
function focusTitle(): void {
  if (document.activeElement?.closest('.find') || document.querySelector('dialog[open]')) return
  const title = root.querySelector<HTMLElement>('main h1') ?? root.querySelector<HTMLElement>('main')
  title?.focus({ preventScroll: true })
}

async function loadView(of: string): Promise<{ view: MakeView }> {
  const load = whoIs() ? (views[of] ?? views.overview!) : () => import('./views/sign-in.ts')
  return load().catch((cause) => {
    throw new ApiError('part_missing', undefined, undefined, cause)
  })
}

function find(text: string): void {
  search.clear()
  search.text = text.trim()
  if (location.hash === '#/guests') void show()
  else go('guests')
}

let toast: HTMLElement | undefined

/** Says something for six seconds, and to screen readers. */
function say(text: string): void {
  said.textContent = text
  toast?.remove()
  const mine = h('div', { class: 'toast', 'aria-hidden': 'true' }, icon(check), text)
  toast = mine
  document.body.append(mine)
  setTimeout(() => mine.remove(), 6000)
}

/** Counts the webhooks that failed, for the side bar. */
async function lookForFailures(): Promise<void> {
  const { webhooks } = await get<{ webhooks: unknown[] }>('webhooks/failed?limit=1000')
  failures = webhooks.length
  update()
}

/**
 * Begins anew, so that the next operator finds nothing in the page or its memory. A session that ends in the middle of
 * something can be begun again while the dialog is open: the view, and what was typed, stay.
 */
function leaveIfOver(): void {
  if (isOver() && !document.querySelector('dialog[open]')) location.reload()
}

async function start(): Promise<void> {
  dress(accent)
  document.body.append(root, said)
  let signedIn: string | undefined
  whenRefused(regain)
  whenChanged(() => {
    update()
    leaveIfOver()
    const now = whoIs()?.id
    if (isOver() || now === signedIn) return
    signedIn = now
    void show()
    if (now) void lookForFailures().catch(() => {})
  })
  document.addEventListener('close', leaveIfOver, true)
  addEventListener('hashchange', () => {
    if (invitationNow() === undefined) void show()
    else location.reload() // the link of an invitation was opened in this tab
  })
  listenToKeys()
  setInterval(() => {
    update()
    void lookAgain()
  }, 30_000)
  addEventListener('pageshow', ({ persisted }) => void lookAgain(persisted))
  void loadLabels().then(update, () => {})
  if (invitationNow() === undefined)
    await lookWho().catch((error) => {
      if (!isCode(error, 'not_signed_in', 'session_invalid')) problem = error
    })
  if (problem !== undefined) draw()
  else if (!whoIs()) await show()
}

void start()
