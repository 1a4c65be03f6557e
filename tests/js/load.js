// Loads browser files by name into global.lms, as a page would, without a page.
const path = require("path");

// Every browser has it; Node only from version 19 on, and Debian 12 brings 18.
if (!global.crypto) global.crypto = require("node:crypto").webcrypto;

module.exports = (...names) => {
  names.forEach((name) => require(path.join(__dirname, "../../lms/static/js", name + ".js")));
  return global.lms;
};
