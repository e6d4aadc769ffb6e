// Prints a text, and nothing of the page.
import { css } from './dom.ts'

// No style sheet of an element reaches the page around it. So the text stands in the page while it is printed.
const paper = css`
@media print { body > :not(guestkey-paper) { display: none !important } }
@media screen { guestkey-paper { display: none } }
guestkey-paper { font: 12pt/1.8 monospace; white-space: pre-line; color: black }
`

/** Prints `text`, with its line breaks. */
export function printText(text: string): void {
  const page = document.createElement('guestkey-paper')
  page.textContent = text
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(paper)
  document.adoptedStyleSheets.push(sheet)
  document.body.append(page)
  addEventListener(
    'afterprint',
    () => {
      page.remove()
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    },
    { once: true },
  )
  print()
}
