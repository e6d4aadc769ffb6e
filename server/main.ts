#!/usr/bin/env node
// The command `guestkey`.

/** The oldest Node that it runs on, as in package.json. An older one does not even link the modules that follow. */
const OLDEST = [22, 18] as const

// A reader may close the pipe early (`| head`). The command still finishes its work.
process.stdout.on('error', () => {})

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  const { keepCompiledCode } = await import('./service/compiled-code.ts')
  keepCompiledCode()
  const { run } = await import('./service/cli.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  process.stderr.write(
    `guestkey: This is Node ${process.versions.node}; guestkey needs Node ${OLDEST.join('.')} or newer.\n`,
  )
  process.exitCode = 1
}

export {} // a module, which may await
