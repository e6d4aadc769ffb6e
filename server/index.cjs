// What `require` gets of an entry point, such as `dist/client/index.cjs`: the same module as `import`.
module.exports = require('./index.js')
