// What a person takes along: tables as files, and copies.
import { texts } from '../words/words.ts'

/** Copies a text, and says whether that worked: a browser may refuse it. */
export const copyText = (text: string, say: (text: string) => void): Promise<void> =>
  navigator.clipboard.writeText(text).then(
    () => say(texts.copied),
    () => say(texts.notCopied),
  )

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
const safe = (text: string) => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text)
const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A table as CSV (RFC 4180). */
export const csvOf = (rows: (string | number | null)[][]): string =>
  rows.map((row) => `${row.map((one) => quoted(safe(`${one ?? ''}`))).join(',')}\r\n`).join('')

/** Gives the person a file. */
export function download(name: string, content: string, type: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
