// server/verify/languages.md: its examples verify tokens of the real service, in each language that this machine has.

import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/engine.ts'
import { example } from '../support/pages.ts'
import { findProgram } from '../support/programs.ts'
import { startService } from '../support/service.ts'
import { sharedInFile } from '../support/when-over.ts'
import { anonymousGrant, clients, tamper } from './deployment.ts'

const service = sharedInFile(() => startService({ GUESTKEY_CLIENTS: JSON.stringify(clients) }))

async function newToken(resource?: string): Promise<string> {
  const body = { grant_type: anonymousGrant, client_id: 'app', ...(resource && { resource }) }
  const post = { method: 'POST', body: new URLSearchParams(body) }
  return (await (await fetch(`${service().origin}/guest/token`, post)).json()).access_token
}

/** Runs the example, with `more` at its end, for a good token and for bad ones. It prints the guest, or fails. */
async function expectToVerify(
  code: string,
  file: string,
  run: (path: string, token: string) => [string, string[], object?],
) {
  const { origin } = service()
  const path = join(temporaryFolder(), file)
  writeFileSync(path, code.replace('https://auth.example.com', origin))
  const verify = async (token: string) => {
    const [command, args, env = {}] = run(path, token)
    const options = { env: { ...process.env, ...env } }
    return (await promisify(execFile)(command, args, options)).stdout.trim()
  }
  const token = await newToken()
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  expect(await verify(token)).toBe(sub)
  for (const [bad, says] of [
    [tamper(token, { sub: 'somebody-else' }), /signature/i],
    [await newToken(origin), /another API|audience/i],
    [`${token.slice(0, token.lastIndexOf('.'))}.`, /signature|segments/i],
  ] as const) {
    const error = await verify(bad).then(
      (said) => ({ stderr: `it was taken: ${said}` }),
      (error) => error,
    )
    expect(error.stderr).toMatch(says)
    expect(error.stderr).not.toMatch(/was taken/)
  }
}

const [go, java, ruby, php] = ['go', 'java', 'ruby', 'php'].map(findProgram)
const jars = '/usr/share/java'

test.skipIf(!go)('the example in Go verifies tokens', async () => {
  const main = `
func main() {
	sub, err := guestOf(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(sub)
}
`
  const code = example('server/verify/languages.md', 'go').replace('import (', 'import (\n\t"fmt"\n\t"os"')
  const cache = temporaryFolder()
  await expectToVerify(code + main, 'verify.go', (path, token) => [
    go!,
    ['run', path, token],
    { GOCACHE: cache, GOFLAGS: '-mod=mod', GO111MODULE: 'off', GOPATH: cache },
  ])
})

test.skipIf(!java || !existsSync(join(jars, 'jackson-databind.jar')))(
  'the example in Java verifies tokens',
  async () => {
    const main =
      'public static void main(String[] args) throws Exception { System.out.println(guestOf(args[0])); }'
    const code = example('server/verify/languages.md', 'java').replace(
      'public class Verify {',
      `public class Verify {\n  ${main}`,
    )
    const path = ['annotations', 'core', 'databind'].map((one) => join(jars, `jackson-${one}.jar`)).join(':')
    await expectToVerify(code, 'Verify.java', (file, token) => [java!, ['-cp', path, file, token]])
  },
)

test.skipIf(!ruby)('the example in Ruby verifies tokens', async () => {
  const code = `${example('server/verify/languages.md', 'ruby')}\nputs guest_of(ARGV[0])\n`
  await expectToVerify(code, 'verify.rb', (path, token) => [ruby!, [path, token]])
})

test.skipIf(!php)('the example in PHP verifies tokens', async () => {
  const main = `
try { echo guestOf($argv[1]); } catch (Exception $error) { fwrite(STDERR, $error->getMessage()); exit(1); }`
  const code = example('server/verify/languages.md', 'php') + main
  await expectToVerify(code, 'verify.php', (path, token) => [php!, [path, token]])
})
