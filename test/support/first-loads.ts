// What a page that is bundled with the browser client may first load. The tests hold it, and the bench measures it.

export const bundlers = ['esbuild', 'rollup', 'Vite'] as const
export type Bundler = (typeof bundlers)[number]

/** The most KiB with gzip, by export and bundler. */
export const mostFirstLoaded: Record<string, Record<Bundler, number>> = {
  '@guestkey/client': { esbuild: 8.25, rollup: 8.25, Vite: 8.75 },
  '@guestkey/client/small': { esbuild: 6.25, rollup: 6.25, Vite: 6.75 },
}

/** The script of a page that uses this export. */
export const pageWith = (name: string): string =>
  `import { createGuestClient } from '${name}'; window.guests = createGuestClient()`
