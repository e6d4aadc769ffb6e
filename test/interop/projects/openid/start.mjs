// Starts the apps that the environment lists, each at a port of its own. Then it answers on PORT.

import { createServer } from 'node:http'

for (const settings of JSON.parse(process.env.APPS)) {
  const { start } = await import(`./${settings.id}.mjs`)
  await start(settings)
}
createServer((_req, res) => res.end('started')).listen(process.env.PORT)
