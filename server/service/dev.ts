// `npm run dev`: builds the files that browsers load, then starts the service. Node runs it again when a file changes.

await import('../../client/build/build.ts')
await import('../main.ts')
