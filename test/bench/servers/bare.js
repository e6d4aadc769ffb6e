// B: a bare Express 5 app that answers a JSON POST. Plain JavaScript, so that its start and memory include no more.

import express from 'express'

const app = express()
app.post('/', express.json(), (_req, res) => {
  res.json({ ok: true })
})
const server = app.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port }))
})
