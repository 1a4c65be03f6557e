// The rules of another record store for statements: reads a list of them, writes what is wrong with each.
'use strict';
const validate = require('xapi-validation').default;

let text = '';
process.stdin.on('data', function (part) { text += part; });
process.stdin.on('end', function () {
  const said = JSON.parse(text).map(function (statement) {
    return (validate(statement) || []).map(function (warning) { return warning.constructor.name + ' ' + warning.path; });
  });
  process.stdout.write(JSON.stringify(said));
});
