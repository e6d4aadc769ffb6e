// What a page that is bundled with the browser client may first load. The tests hold it, and the bench measures it.

export const bundlers = ['esbuild', 'rollup', 'Vite'] as const
export type Bundler = (typeof bundlers)[number]

/** The most KiB with gzip, by export and bundler. */
export const mostFirstLoaded: Record<string, Record<Bundler, number>> = {
  '@guestkey/client': { esbuild: 9.75, rollup: 9.75, Vite: 10.25 },
  '@guestkey/client/small': { esbuild: 6.5, rollup: 6.5, Vite: 7.25 },
}

/** The script of a page that uses this export. */
export const pageWith = (name: string): string =>
  `import { createGuestClient } from '${name}'; window.guests = createGuestClient()`
