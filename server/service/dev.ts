// `npm run dev`: builds what browsers load, then starts the service. Node runs this anew when a file changes.

await import('../../client/build.ts')
await import('../main.ts')
