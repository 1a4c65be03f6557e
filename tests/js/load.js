// Loads browser files by name into global.lms, as a page would, without a page.
const path = require("path");

module.exports = (...names) => {
  names.forEach((name) => require(path.join(__dirname, "../../lms/static/js", name + ".js")));
  return global.lms;
};
