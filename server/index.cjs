// What `require` gets of both entry points (`dist/server/index.cjs`, `dist/client/index.cjs`): the same module as `import`.
module.exports = require('./index.js')
