// Saves a text as a file, as a download of the browser.

/** How long the browser may take to read it. */
const KEPT_MILLISECONDS = 60_000

/** Saves `text` under this name. Default type: plain text. */
export function saveFile(name: string, text: string, type = 'text/plain'): void {
  const href = URL.createObjectURL(new Blob([text], { type }))
  Object.assign(document.createElement('a'), { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MILLISECONDS)
}
