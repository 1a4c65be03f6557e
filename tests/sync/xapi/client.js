// A client of others at a running server: leaves statements, asks for them, and writes what it was told.
'use strict';
const XAPI = require('@xapi/xapi').default;
const client = new XAPI({
  endpoint: process.argv[2] + '/xapi/',
  auth: XAPI.toBasicAuth(process.argv[3], process.argv[4]),
  version: process.argv[5],
});
const verbs = XAPI.Verbs;
const actor = {objectType: 'Agent', mbox: 'mailto:ruth@ugel.example'};
const about = {objectType: 'Activity', id: 'https://ugel.example/taller', definition: {name: {'es-PE': 'Taller'}}};

function statement(verb) { return {actor: actor, verb: verb, object: about}; }

async function refused(work) {
  try { await work; } catch (error) { return error.response ? error.response.status : String(error); }
  return 0;
}

async function main() {
  const told = {};
  told.about = (await client.getAbout()).data.version;
  told.one = (await client.sendStatement({statement: statement(verbs.INITIALIZED)})).data;
  told.two = (await client.sendStatements({statements: [statement(verbs.PASSED), statement(verbs.RESPONDED)]})).data;
  told.kept = (await client.getStatement({statementId: told.one[0]})).data;
  told.again = (await client.sendStatement({statement: told.kept})).data;
  told.conflict = await refused(client.sendStatement({
    statement: Object.assign({}, told.kept, {verb: verbs.FAILED}),
  }));
  told.malformed = await refused(client.sendStatement({statement: {actor: {}, verb: verbs.PASSED, object: about}}));
  told.voided = (await client.voidStatement({actor: actor, statementId: told.two[1]})).data;
  told.gone = await refused(client.getStatement({statementId: told.two[1]}));
  told.voidedStatement = (await client.getVoidedStatement({voidedStatementId: told.two[1]})).data.id;
  told.mine = (await client.getStatements({agent: actor, ascending: true})).data.statements.length;
  const verb = verbs.COMPLETED.id;
  const first = (await client.getStatements({verb: verb, limit: 1, ascending: true})).data;
  const second = (await client.getMoreStatements({more: first.more})).data;
  told.completed = first.statements.concat(second.statements);
  told.all = (await client.getStatements({limit: 0})).data.statements;
  return told;
}

main().then(function (told) { process.stdout.write(JSON.stringify(told)); }, function (error) {
  process.stderr.write(String(error.stack) + JSON.stringify(error.response && error.response.data));
  process.exit(1);
});
