// A template for HTML that escapes what is put in.

/** HTML that may be put in a page without escaping. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may be put in. `false` and undefined are left out. */
export type Part = string | Html | Part[] | false | undefined

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const textOf = (part: Part): string =>
  part === undefined || part === false
    ? ''
    : part instanceof Html
      ? part.text
      : Array.isArray(part)
        ? part.map(textOf).join('')
        : escaped(part)

/** A template for HTML. It escapes every string that is put in; only Html objects go in as they are. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((string, i) => string + textOf(parts[i])).join(''))
