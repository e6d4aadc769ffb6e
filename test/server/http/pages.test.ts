// Our own pages over HTTP: their language, their theme, what they escape, and the way back from each.

import { hash } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { errorCodes } from '../../../server/errors.ts'
import { languages } from '../../../server/http/pages/languages.ts'
import type { Options } from '../../../server/index.ts'
import { pageTexts } from '../../../server/names/page-texts.ts'
import type { Browser, TestApp } from '../../support/app.ts'
import {
  authorizationOf,
  fieldOf,
  openPage,
  pkce,
  postForm,
  startPromotingApp,
} from '../../support/promotion.ts'
import { codeOnPage } from '../../support/refusals.ts'
import { send as sendForm } from '../../support/tokens.ts'

const back = 'https://app.example/back'
const ada = 'ada@example.org'
const asked = (more: Record<string, string> = {}) =>
  authorizationOf(pkce().challenge, { purpose: 'sign_in', ...more })

const start = (options: Partial<Options> = {}) =>
  startPromotingApp({ redirectUris: [back], rpName: 'Jotter', ...options } as Partial<Options>)

/** The page for a browser with this Accept-Language. */
async function pageIn(app: TestApp, accept: string | undefined, more: Record<string, string> = {}) {
  const { request_uri } = (await app.browser().post('/guest/par', asked())).body
  const url = `${app.origin}/guest/authorize?${new URLSearchParams({ client_id: 'guestkey', request_uri, ...more })}`
  const response = await fetch(url, { headers: accept === undefined ? {} : { 'Accept-Language': accept } })
  return { text: await response.text(), headers: Object.fromEntries(response.headers) }
}

/** What people read on a page: its text, without tags, styles and what is in attributes. */
const readable = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<script.*?<\/script>|<title>.*?<\/title>/g, '')
    .replaceAll(/<[^>]*>/g, '\n')

/** The links of a page by what they say. */
const linksOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<a class="button[^"]*" href="([^"]*)">([^<]*)</g)].map(([, href, text]) => [
      text!,
      href!.replaceAll('&#38;', '&'),
    ]),
  )

const openIn = (browser: Browser) => openPage(browser, asked())

describe('the language of a page', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['xx, de;q=0.9, en;q=0.8', 'de'],
    ['en;q=0.5, fr;q=0.9', 'fr'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['fr;q=0', 'en'],
    ['de-CH', 'de'],
    ['zh-HK', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh', 'zh-CN'],
    ['zh-SG, en', 'zh-CN'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['no', 'nb'],
    ['nn-NO', 'nb'],
    ['iw', 'he'],
    ['sr-Latn', 'en'],
    ['"><script>, ja', 'ja'],
    ['a'.repeat(200), 'en'],
    ['aa, ab, ae, af, ak, am, an, as, av, de', 'de'],
    ['aa, ab, ae, af, ak, am, an, as, av, ay, de', 'en'],
    ['de-x-aaaaaaaa-bbbbbbbb-cccccccc-ddd', 'de'],
    ['de-x-aaaaaaaa-bbbbbbbb-cccccccc-dddd, fr', 'fr'],
  ])('for Accept-Language %j is %s', async (accept, language) => {
    const { app } = await start()
    const { text, headers } = await pageIn(app, accept)
    expect(text).toContain(`<html lang="${language}" dir="${language === 'he' ? 'rtl' : 'ltr'}">`)
    expect(text).toContain(languages[language]!.signInTitle)
    expect(headers['content-language']).toBe(language)
    expect(headers.vary).toMatch(/\bAccept-Language\b/)
  })

  test('is what ui_locales asks for, before the browser’s', async () => {
    const { app } = await start()
    const page = async (ui_locales: string) => (await pageIn(app, 'de', { ui_locales })).text
    expect(await page('xx fi en')).toContain('<html lang="fi" dir="ltr">')
    expect(await page('xx')).toContain('<html lang="de" dir="ltr">')
    expect(await page('ur-PK fa')).toContain('<html lang="fa" dir="rtl">')
  })

  test('costs the same for thousands of tags as for a few, in the header and in the URL', async () => {
    const { app } = await start()
    const tags = (number: number, between: string) => Array.from({ length: number }, () => 'xx').join(between)
    const subtags = (number: number) => `xx-x${'-a'.repeat(number)}`
    const look = vi.spyOn(Intl, 'getCanonicalLocales')
    const cost = async (ui_locales: string, accept: string) => {
      look.mockClear()
      const url = `${app.origin}/guest/authorize?${new URLSearchParams({ ui_locales })}`
      const { status } = await fetch(url, { headers: { Accept: 'text/html', 'Accept-Language': accept } })
      expect(status).toBe(400)
      return look.mock.calls.length
    }
    try {
      const few = await cost('xx', tags(10, ','))
      expect(few).toBeGreaterThan(10)
      expect(await cost('xx', tags(4700, ','))).toBeLessThanOrEqual(few)
      expect(await cost(tags(4700, ' '), 'xx')).toBeLessThanOrEqual(few)
      expect(await cost(tags(680, ' '), 'xx')).toBeLessThanOrEqual(few)
      expect(await cost('xx', subtags(7000))).toBeLessThanOrEqual(few)
      expect(await cost(subtags(7000), 'xx')).toBeLessThanOrEqual(few)
    } finally {
      look.mockRestore()
    }
  })

  test.each(Object.keys(languages))('is spoken on each page: %s', async (language) => {
    const { app } = await start()
    const browser = app.browser()
    const texts = languages[language]!
    const first = await openPage(browser, asked({ ui_locales: language }))
    for (const name of ['signInTitle', 'signInLead', 'email', 'sendCode', 'cancel'] as const)
      expect(first.text).toContain(texts[name])
    const fields = { request: fieldOf(first, 'request'), ui_locales: language, type: 'email' }
    const second = await postForm(app, browser, '/guest/authorize/code', { ...fields, value: ada })
    for (const name of ['codeTitle', 'code', 'confirm', 'resend', 'another'] as const)
      expect(second.text).toContain(texts[name])
    const wrong = await postForm(app, browser, '/guest/authorize/verify', {
      ...{ ...fields, value: ada, transaction: fieldOf(second, 'transaction'), code: 'x' },
    })
    expect(wrong.text).toContain(texts.code_wrong)
    app.clock.forward(30 * 60)
    const late = await postForm(app, browser, '/guest/authorize/code', { ...fields, value: ada })
    expect(late.headers['content-language']).toBe(language)
    expect(late.text).toContain(texts.expiredTitle)
    expect(late.text).toContain(texts.otherError)
    const home = await browser.get(`/guest/authorize?ui_locales=${language}`)
    expect(home.text).toContain(texts.linkTitle)
    expect(home.text).toContain(texts.backTo.replace('{app}', 'Jotter'))
  })

  test('is that of the host’s own texts too, over ours of the nearest language', async () => {
    const texts = {
      ...{ 'zh-HK': { cancel: '取消啦' }, ur: { cancel: 'منسوخ' }, de: { cancel: 'Lass gut sein' } },
    }
    const { app } = await start({ pages: { texts } })
    const inHongKong = await pageIn(app, 'zh-HK')
    expect(inHongKong.headers['content-language']).toBe('zh-HK')
    expect(inHongKong.text).toContain('取消啦')
    expect(inHongKong.text).toContain(languages['zh-TW']!.sendCode)
    const inUrdu = await pageIn(app, 'ur')
    expect(inUrdu.text).toContain('<html lang="ur" dir="rtl">')
    expect(inUrdu.text).toContain('منسوخ')
    expect(inUrdu.text).toContain(languages.en!.sendCode)
    expect((await pageIn(app, 'de-AT')).text).toContain('Lass gut sein')
  })
})

test('no page holds a text of its own: each is one that the host can replace', async () => {
  const names = [...pageTexts, ...errorCodes]
  const marked = Object.fromEntries(
    names.map((name) => [name, `⟦${name}|${(languages.en![name] ?? '').match(/\{\w+\}/g)?.join('') ?? ''}⟧`]),
  )
  const providers = [{ id: 'p', name: 'Example', issuer: 'https://p.example', clientId: 'x' }]
  const wiki = {
    id: 'wiki',
    pairwise: 'a secret of more than 32 characters',
    scopes: ['openid'],
    redirectUris: [back],
    deviceGrant: true,
  }
  const { app } = await start({
    ...{ clients: [wiki], loginIds: { providers }, pages: { texts: { en: marked }, privacy: '/privacy' } },
  } as Partial<Options>)
  const browser = app.browser()
  const send = (path: string, fields: Record<string, string>) =>
    postForm(app, browser, `/guest/authorize/${path}`, fields)
  const first = await openIn(browser)
  const fields = { request: fieldOf(first, 'request'), type: 'email' }
  const second = await send('code', { ...fields, value: ada, again: 'true' })
  const given = { ...fields, value: ada, transaction: fieldOf(second, 'transaction'), code: 'x' }
  const pages = [
    first,
    second,
    await send('code', { ...fields, value: 'ada@' }),
    await send('verify', given),
    await openPage(browser, asked({ purpose: 'promote' })),
    await browser.get('/guest/authorize'),
    await browser.get(`/guest/authorize/callback/p?state=x`),
    await openPage(browser, asked({ client_id: 'wiki', scope: 'openid' })),
  ]
  const { request } = { request: fieldOf(pages.at(-1)!, 'request') }
  pages.push(await browser.get(`/guest/authorize/sign-in?${new URLSearchParams({ request })}`))
  for (const decision of ['approve', 'refuse']) {
    const asking = { client_id: 'wiki' }
    const { user_code } = (await sendForm(app, 'device_authorization', asking)).body
    const at = `/guest/device?${new URLSearchParams({ user_code })}`
    pages.push(await browser.get('/guest/device'), await browser.get(at), await browser.get(`${at}X`))
    pages.push(await postForm(app, app.browser(), '/guest/device', { user_code, decision }))
  }
  const { label } = await browser.signIn()
  pages.push(await openPage(browser, asked({ client_id: 'wiki', scope: 'openid' })))
  pages.push(await browser.get('/guest/end-session'), await app.browser().get('/guest/end-session'))
  for (let i = 0; i < 5; i++) pages.push(await send('code', { ...fields, value: ada }))
  app.clock.forward(30 * 60)
  pages.push(await browser.get(`/guest/authorize/deny?request=${fields.request}`))
  const shown = new Set<string>()
  for (const { text } of pages) {
    for (const [, drawing] of text.matchAll(/<path d="([^"]*)"/g)) expect(drawing).toMatch(/^[Mm][\d.-]/)
    for (const [, name] of text.matchAll(/⟦(\w+)/g)) shown.add(name!)
    // What is left besides: names, an address, a host, times, and what developers need to know of an error.
    const rest = readable(text.replaceAll(/<code[^>]*>[^<]*<\/code>/g, ''))
      .replaceAll(/⟦\w+|⟧|Jotter|Example|ada@example\.org|app\.example|\d+ (minutes|hours)/g, '')
      .replaceAll(/ada@/g, '')
      .replaceAll(label, '')
      .replaceAll(/[B-Z]{4}-[B-Z]{4}|wiki/g, '')
    expect(rest.match(/\p{L}+/gu)).toBeNull()
  }
  // Each text is shown on one of them, but for those of a promotion, of a regular user, of an address, of scopes, of a sign-out
  // and of a provider that fails.
  const elsewhere = [
    ...['promoteTitle', 'promoteLead', 'learnsUser', 'learnsAlias', 'learnsReturn', 'learnsCollection'],
    ...['signOutTitle', 'signOut', 'otherWay'],
  ]
  expect(pageTexts.filter((name) => !shown.has(name))).toEqual(elsewhere)
})

describe('the theme of a page', () => {
  const theme = {
    ...{ accent: 'light-dark(#0a7d4f, oklch(0.7 0.15 160))', radius: '22px' },
    ...{ font: 'Inter, "Segoe UI", sans-serif', theme: 'dark' as const },
    ...{ logo: 'https://cdn.example/logo;v=1.svg', privacy: 'https://jotter.example/privacy' },
  }

  test('is that of the options, in a style sheet that the policy allows by its hash', async () => {
    const { app } = await start({ pages: theme })
    for (const { text, headers } of [
      await openIn(app.browser()),
      await app.browser().get('/guest/authorize'),
    ]) {
      const css = /<style>(.*?)<\/style>/.exec(text)![1]!
      expect(css.startsWith(`:root{color-scheme:dark;--guestkey-accent:${theme.accent};`)).toBe(true)
      expect(css).toContain(`--guestkey-radius:22px;--guestkey-font:${theme.font}}`)
      expect(css).not.toContain(':host')
      const policy = headers['content-security-policy']!
      expect(policy).toContain(`style-src 'sha256-${hash('sha256', css, 'base64')}';`)
      // A semicolon in a URL would end the directive: the policy names the origin alone.
      expect(policy).toContain('img-src https://cdn.example;')
      expect(text).toContain('<meta name="color-scheme" content="dark">')
      expect(text).toContain('<img src="https://cdn.example/logo;v=1.svg" alt="">')
      expect(text).toContain('<a href="https://jotter.example/privacy">Privacy</a>')
    }
  })

  test('allows no picture without a logo, and one of our own origin for a path', async () => {
    const { app } = await start()
    const plain = await openIn(app.browser())
    expect(plain.headers['content-security-policy']).not.toContain('img-src')
    expect(plain.text).not.toMatch(/<img|<link/)
    const { app: other } = await start({ pages: { logo: '/logo.svg' } })
    const own = await openIn(other.browser())
    expect(own.headers['content-security-policy']).toContain("img-src 'self';")
    expect(own.text).toContain('<img src="/logo.svg" alt="">')
  })
})

describe('from every dead end there is a way back', () => {
  const denied = (origin: string, more: Record<string, string> = {}) =>
    `${back}?${new URLSearchParams({ error: 'access_denied', state: 'a state', iss: origin, ...more })}`

  test('of a request that has expired: to the app', async () => {
    const { app } = await start()
    const browser = app.browser()
    const first = await openIn(browser)
    const request = fieldOf(first, 'request')
    app.clock.forward(30 * 60)
    for (const ask of [
      () => openPage(browser, { resume: request }),
      () => browser.get(`/guest/authorize/deny?${new URLSearchParams({ request })}`),
      () => browser.get(`/guest/authorize/provider?${new URLSearchParams({ request, provider: 'p' })}`),
      () => postForm(app, browser, '/guest/authorize/code', { request, type: 'email', value: ada }),
    ]) {
      const late = await ask()
      expect(late.status).toBe(400)
      expect(late.text).toContain('This page has expired')
      expect(linksOf(late.text)).toEqual({ 'Back to Jotter': denied(app.origin) })
    }
  })

  test('of a request that this person cannot go on with: to the app, if its redirect URI is registered', async () => {
    const clients = [{ id: 'other', redirectUris: ['https://other.example/cb?a=b', 'com.example.app:/back'] }]
    const { app } = await start({ clients })
    const browser = app.browser()
    const outside = await openPage(browser, asked({ purpose: 'promote' }))
    expect([codeOnPage(outside.text), linksOf(outside.text)]).toEqual([
      'not_signed_in',
      { 'Back to Jotter': denied(app.origin) },
    ])
    const other = (redirect_uri: string) =>
      openPage(browser, asked({ client_id: 'other', purpose: 'promote', redirect_uri }))
    expect(Object.keys(linksOf((await other('https://other.example/cb?a=b')).text))).toEqual([
      'Back to other.example',
    ])
    const native = linksOf((await other('com.example.app:/back')).text)
    expect(native['Back to other']).toMatch(/^com\.example\.app:\/back\?error=access_denied&/)
  })

  test('of a request whose redirect URI is not registered, or that is none: to the site', async () => {
    const { app } = await start()
    const { app: other } = await start({ pages: { home: 'https://www.jotter.example/start' } })
    for (const [one, home] of [
      [app, `${app.origin}/`],
      [other, 'https://www.jotter.example/start'],
    ] as const)
      for (const ask of [
        () => openPage(one.browser(), asked({ redirect_uri: 'https://evil.example' })),
        () => openPage(one.browser(), asked({ client_id: 'nobody' })),
        () => openPage(one.browser(), { resume: 'none' }),
        () => one.browser().get('/guest/authorize/callback/example?state=x'),
        () => postForm(one, one.browser(), '/guest/authorize/code', {}, { Origin: 'https://evil.example' }),
      ]) {
        const page = await ask()
        expect(linksOf(page.text)).toEqual({ 'Back to Jotter': home })
        expect(page.text).not.toContain('evil.example')
      }
  })

  test('of a provider that does not answer: to another way, and to the app', async () => {
    const providers = [{ id: 'p', name: 'P', issuer: 'http://localhost:1', clientId: 'x' }]
    const { app } = await start({ loginIds: { providers } } as Partial<Options>)
    const browser = app.browser()
    const first = await openPage(browser, asked({ ui_locales: 'fr' }))
    const away = await browser.get(linksOf(first.text)['Continuer avec P']!)
    expect([away.status, codeOnPage(away.text)]).toEqual([503, 'provider_unavailable'])
    expect(away.headers['content-language']).toBe('fr')
    const links = linksOf(away.text)
    expect(Object.keys(links)).toEqual(['Utiliser une autre option', 'Retour à Jotter'])
    const again = await browser.get(links['Utiliser une autre option']!)
    expect([again.status, again.headers['content-language']]).toEqual([200, 'fr'])
  })
})

describe('the page of the code', () => {
  test('sends a new code, and takes that one', async () => {
    const { app, codeTo, sent } = await start()
    const browser = app.browser()
    await browser.signIn()
    const first = await openPage(browser, asked({ purpose: 'promote' }))
    const fields = { request: fieldOf(first, 'request'), type: 'email', value: ada }
    const second = await postForm(app, browser, '/guest/authorize/code', fields)
    const old = codeTo(ada)
    expect(second.text).not.toContain('A new code is on its way.')
    const again = await postForm(app, browser, '/guest/authorize/code', {
      ...{ ...fields, again: fieldOf(second, 'again') },
    })
    expect(again.text).toContain('A new code is on its way.')
    expect(sent).toHaveLength(2)
    const give = (code: string) =>
      postForm(app, browser, '/guest/authorize/verify', {
        ...{
          request: fieldOf(again, 'request'),
          transaction: fieldOf(again, 'transaction'),
          value: ada,
          code,
        },
      })
    if (old !== codeTo(ada)) expect((await give(old)).text).toContain('This is not the code that was sent.')
    expect((await give(codeTo(ada))).status).toBe(303)
  })

  test('says how long to wait after too many codes', async () => {
    const { app } = await start()
    const browser = app.browser()
    await browser.signIn()
    const first = await openPage(browser, asked({ purpose: 'promote' }))
    const fields = { request: fieldOf(first, 'request'), type: 'email', value: ada, ui_locales: 'de' }
    for (let i = 0; i < 5; i++) await postForm(app, browser, '/guest/authorize/code', fields)
    const limited = await postForm(app, browser, '/guest/authorize/code', fields)
    expect(limited.text).toContain('Warten Sie 60 Minuten, dann versuchen Sie es noch einmal.')
  })
})
