// A QR code (ISO 18004) of capitals, digits and " $%*+-./:", error correction M, up to version 13: all that a token needs.
// lms.qr(text) gives rows of 0 and 1, or null when the text does not fit.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  // For each version: check words of a block, blocks of the first length, data words in each, blocks one word longer.
  const BLOCKS = ["", "10 1 16 0", "16 1 28 0", "26 1 44 0", "18 2 32 0", "24 2 43 0", "16 4 27 0", "18 4 31 0", "22 2 38 2",
    "22 3 36 2", "26 4 43 1", "30 1 50 4", "22 6 36 2", "22 8 37 1"].map((row) => row.split(" ").map(Number));
  const MIDDLES = [[], [], [18], [22], [26], [30], [34], [22, 38], [24, 42], [26, 46], [28, 50], [30, 54], [32, 58], [34, 62]];
  const MASKS = [(x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3, (x, y) => ((x / 3 | 0) + (y / 2 | 0)) % 2,
    (x, y) => (x * y) % 2 + (x * y) % 3, (x, y) => ((x * y) % 2 + (x * y) % 3) % 2, (x, y) => ((x + y) % 2 + (x * y) % 3) % 2];

  lms.qr = (text) => {
    const version = BLOCKS.findIndex((row, v) => v && bitsOf(text, v).length <= 8 * dataWords(row));
    if (version < 0 || text.split("").some((letter) => LETTERS.indexOf(letter) < 0)) return null;
    const plan = frame(version);
    fill(plan, words(text, version));
    return MASKS.map((mask, number) => masked(plan, mask, number)).sort((a, b) => penalty(a) - penalty(b))[0];
  };

  const dataWords = (row) => row[1] * row[2] + row[3] * (row[2] + 1);
  const binary = (number, width) => number.toString(2).padStart(width, "0");

  function bitsOf(text, version) {
    let bits = "0010" + binary(text.length, version < 10 ? 9 : 11);
    for (let i = 0; i < text.length; i += 2) {
      const [one, two] = [LETTERS.indexOf(text[i]), LETTERS.indexOf(text[i + 1] || "0")];
      bits += i + 1 < text.length ? binary(one * 45 + two, 11) : binary(one, 6);
    }
    return bits;
  }

  // Data and check words, of all blocks in turn, as bits.
  function words(text, version) {
    const [check, short, length, long] = BLOCKS[version];
    const most = dataWords(BLOCKS[version]);
    let bits = bitsOf(text, version);
    bits = bits.padEnd(Math.min(bits.length + 4, most * 8), "0");
    const all = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0").match(/.{8}/g).map((word) => parseInt(word, 2));
    for (let pad = 0xec; all.length < most; pad ^= 0xfd) all.push(pad);
    const blocks = Array.from({ length: short + long }, (_, i) => all.splice(0, length + (i < short ? 0 : 1)));
    const inTurn = (lists, longest) => Array.from({ length: longest }, (_, i) => lists.filter((list) => i < list.length).map((list) => list[i]));
    return [].concat(...inTurn(blocks, length + 1), ...inTurn(blocks.map((block) => remainder(block, check)), check))
      .map((word) => binary(word, 8)).join("");
  }

  function times(a, b) {
    let product = 0;
    for (let i = 7; i >= 0; i -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
    return product;
  }

  // Reed and Solomon's check words.
  function remainder(data, count) {
    let divisor = [1];
    for (let i = 0, power = 1; i < count; i += 1, power = times(power, 2)) {
      const raised = divisor.concat(0);
      divisor = raised.map((word, at) => word ^ (at ? times(divisor[at - 1], power) : 0));
    }
    const rest = data.concat(Array(count).fill(0));
    data.forEach((_, i) => {
      const factor = rest[i];
      divisor.forEach((word, at) => { rest[i + at] ^= times(word, factor); });
    });
    return rest.slice(data.length);
  }

  // Modules that are the same for every text; those of the text are undefined.
  function frame(version) {
    const size = version * 4 + 17;
    const plan = Array.from({ length: size }, () => Array(size));
    const set = (x, y, on) => { if (plan[y] && x >= 0 && x < size) plan[y][x] = on ? 1 : 0; };
    const square = (x, y, half, ring) => {
      for (let i = -half; i <= half; i += 1) for (let j = -half; j <= half; j += 1) set(x + i, y + j, ring(Math.max(Math.abs(i), Math.abs(j))));
    };
    for (let i = 0; i < size; i += 1) [[i, 6], [6, i]].forEach(([x, y]) => set(x, y, i % 2 === 0));
    [[3, 3], [size - 4, 3], [3, size - 4]].forEach(([x, y]) => square(x, y, 4, (far) => far !== 2 && far !== 4));
    const middles = version > 1 ? [6].concat(MIDDLES[version]) : [];
    const end = middles.length - 1;
    middles.forEach((x, i) => middles.forEach((y, j) => {
      if (!((i === 0 && (j === 0 || j === end)) || (i === end && j === 0))) square(x, y, 2, (far) => far !== 1);
    }));
    format(set, size, 0);
    let rest = version;
    for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    for (let i = 0; version > 6 && i < 18; i += 1) {
      const on = ((version << 12 | rest) >> i) & 1;
      set(size - 11 + i % 3, i / 3 | 0, on);
      set(i / 3 | 0, size - 11 + i % 3, on);
    }
    return plan;
  }

  // Which mask it is, twice; level M is 00.
  function format(set, size, mask) {
    let rest = mask;
    for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = (mask << 10 | rest) ^ 0x5412;
    for (let i = 0; i < 15; i += 1) {
      const on = (bits >> i) & 1;
      set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, on);
      set(i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i, 8, on);
    }
    set(8, size - 8, 1);
  }

  // Bits go up and down in pairs of columns; 2 or 3 marks a module that is masked later.
  function fill(plan, bits) {
    const size = plan.length;
    let at = 0;
    for (let right = size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      for (let i = 0; i < size; i += 1) {
        const y = (right + 1) & 2 ? i : size - 1 - i;
        [right, right - 1].forEach((x) => {
          if (plan[y][x] === undefined) plan[y][x] = 2 + Number(bits[at++] || 0);
        });
      }
    }
  }

  function masked(plan, mask, number) {
    const rows = plan.map((row, y) => row.map((on, x) => (on < 2 ? on : (on - 2) ^ (mask(x, y) === 0 ? 1 : 0))));
    format((x, y, on) => { rows[y][x] = on ? 1 : 0; }, rows.length, number);
    return rows;
  }

  // How hard it is to read: long runs, blocks, what looks like a corner, too much of one colour.
  function penalty(rows) {
    const lines = rows.concat(rows.map((_, x) => rows.map((row) => row[x]))).map((line) => line.join(""));
    const sum = (list) => list.reduce((all, one) => all + one, 0);
    const runs = sum(lines.map((line) => sum((line.match(/0{5,}|1{5,}/g) || []).map((run) => run.length - 2))));
    const corners = sum(lines.map((line) => (line.match(/(?=10111010000|00001011101)/g) || []).length));
    const blocks = sum(rows.slice(1).map((row, y) => row.slice(1).filter((on, x) => on === row[x] && on === rows[y][x] && on === rows[y][x + 1]).length));
    const dark = sum(rows.map(sum)) / (rows.length * rows.length);
    return runs + 40 * corners + 3 * blocks + 10 * Math.floor(Math.abs(dark * 20 - 10));
  }
})(typeof window === "undefined" ? global : window);
