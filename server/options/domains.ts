// What a domain belongs to: its registrable label, and whether it is a public suffix. How many names the related origins
// may have: refuseManyNames() in site.ts.

/** Suffixes with two parts, by their form: `co.uk`, `com.au`. This does not use the list of public suffixes. */
const isTwoPartSuffix = (top: string, second: string): boolean =>
  top.length === 2 && /^(ac|co|com|edu|gob|gov|gv|go|ne|net|nom|or|org)$/.test(second)

/** Domains below which people deploy apps of their own. Browsers know them by the list of public suffixes. */
const HOSTERS =
  'appspot.com azurestaticapps.net azurewebsites.net cloudfront.net deno.dev firebaseapp.com fly.dev github.io gitlab.io glitch.me herokuapp.com netlify.app ngrok.app ngrok-free.app ngrok.io onrender.com pages.dev run.app surge.sh trycloudflare.com up.railway.app vercel.app web.app workers.dev'.split(
    ' ',
  )

/**
 * The name in an origin, its registrable label: `example` in https://shop.example.co.uk. It recognises the common two-part
 * suffixes by their form.
 */
export function nameOf(origin: string): string {
  const [top = '', second = '', third] = new URL(origin).hostname.split('.').reverse()
  return (isTwoPartSuffix(top, second) ? third : undefined) ?? (second || top)
}

/**
 * Whether a domain is a public suffix, as far as we know them: a top-level domain, a common two-part suffix or a known
 * hoster. No browser lets a page below it use it as RP ID (HTML Standard, "registrable domain suffix"). The whole list
 * has 10,000 entries and changes every week, so browsers have the last word.
 */
export function isPublicSuffix(domain: string): boolean {
  const [top = '', second, ...more] = domain.split('.').reverse()
  if (second === undefined) return top !== 'localhost'
  return HOSTERS.includes(domain) || (more.length === 0 && isTwoPartSuffix(top, second))
}
