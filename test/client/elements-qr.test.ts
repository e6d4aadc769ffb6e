// The QR codes of device links, read by another program.

import { expect, test } from 'vitest'
import type { h } from '../../client/elements/kit/dom.ts'
import { drawQr } from '../../client/elements/views/link/qr.ts'
import { pictureOf, readQr } from '../support/qr.ts'

/** What is drawn, as markup: here is no page. */
const markup = ((tag: string, props: Record<string, unknown> = {}, ...children: string[]) =>
  `<${tag} ${Object.entries(props)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')}>${children.join('')}</${tag}>`) as unknown as typeof h

const draw = (text: string) => drawQr(markup, text, 'QR code') as string | null

test('a drawing is read by another program, with letters beyond ASCII, and has a name', async () => {
  for (const link of [
    'https://jotter.example.com/#guestkey-link=Vq3sI0u1yE2mB7d4Xn6aZw',
    'https://jotter.example.com/zürich/联系?a=b#guestkey-link=Vq3sI0u1yE2mB7d4Xn6aZw',
  ]) {
    const drawing = draw(link)!
    expect(drawing).toContain('role="img" aria-label="QR code"')
    expect(await readQr(pictureOf(drawing))).toBe(link)
  }
})

test('holds 2,331 bytes, as many as error correction level M allows, and no more', async () => {
  const longest = 'https://jotter.example.com/'.padEnd(2331, 'abc')
  expect(await readQr(pictureOf(draw(longest)!))).toBe(longest)
  expect(draw(`${longest}d`)).toBeNull()
})

test('has a light margin of four modules on each side', () => {
  const drawing = draw('https://jotter.example.com')!
  const size = Number(/viewBox="0 0 (\d+)/.exec(drawing)![1])
  const runs = [...drawing.matchAll(/M(\d+) (\d+)h(\d+)/g)].map((run) => run.slice(1).map(Number))
  const [xs, ys, ends] = [0, 1, 2].map((i) => runs.map((run) => (i < 2 ? run[i]! : run[0]! + run[2]!)))
  expect([Math.min(...xs!), Math.min(...ys!)]).toEqual([4, 4])
  expect([Math.max(...ends!), Math.max(...ys!) + 1]).toEqual([size - 4, size - 4])
})
