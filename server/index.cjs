// What `require` gets of this package: the same module as `import`.
module.exports = require('./index.js')
