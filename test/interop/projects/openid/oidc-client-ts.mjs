// An app that is one page, without a server that keeps a secret: a public client, with oidc-client-ts.

import express from 'express'

const page = ({ issuer, id, origin }) => `<!doctype html>
<script src="/lib/oidc-client-ts.min.js"></script>
<button id="sign-in">Sign in</button>
<p id="who" hidden></p>
<script type="module">
  const users = new oidc.UserManager({
    authority: '${issuer}', client_id: '${id}', redirect_uri: '${origin}/', scope: 'openid', loadUserInfo: true,
  })
  if (new URLSearchParams(location.search).has('code')) {
    await users.signinCallback()
    history.replaceState(null, '', '/')
  }
  const user = await users.getUser()
  document.querySelector('#sign-in').onclick = () => users.signinRedirect()
  document.querySelector('#who').textContent = JSON.stringify(user?.profile)
  document.querySelector('#who').hidden = !user
</script>`

export function start(settings) {
  const app = express()
  app.use('/lib', express.static('node_modules/oidc-client-ts/dist/browser'))
  app.get('/', (_req, res) => res.send(page(settings)))
  app.listen(settings.port)
}
