// Bits in fewer bits than they are, where some are likelier: adaptive arithmetic coding. Twin of lms/sync/ranges.py.
// A place is a text; what was seen there says what the next bit costs. Products stay below 2^53, so they are exact.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [TOP, HALF, QUARTER, UNARY, MOST_STEPS] = [4294967296, 2147483648, 1073741824, 15, 65536];
  const ranges = (lms.ranges = {});

  // `shifted` is told by how much the interval moved down before it was doubled.
  function interval(shifted) {
    const seen = new Map();
    const now = { low: 0, high: TOP - 1 };
    const shift = (by) => {
      shifted(by);
      now.low = 2 * (now.low - by);
      now.high = 2 * (now.high - by) + 1;
    };
    const widen = () => {
      for (;;) {
        if (now.high < HALF) shift(0);
        else if (now.low >= HALF) shift(HALF);
        else if (now.low >= QUARTER && now.high < HALF + QUARTER) shift(QUARTER);
        else return;
      }
    };
    const width = () => now.high - now.low + 1;
    now.at = (place) => {
      if (!seen.has(place)) seen.set(place, [1, 1]);
      const counts = seen.get(place);
      return { counts, middle: now.low + Math.floor((width() * counts[0]) / (counts[0] + counts[1])) };
    };
    now.learn = (spot, bit) => {
      spot.counts[bit ? 1 : 0] += 2;
      if (bit) now.low = spot.middle;
      else now.high = spot.middle - 1;
      widen();
    };
    now.narrow = (number, count) => {
      const [low, wide] = [now.low, width()];
      now.high = low + Math.floor((wide * (number + 1)) / count) - 1;
      now.low = low + Math.floor((wide * number) / count);
      widen();
    };
    now.find = (value, count) => Math.floor(((value - now.low + 1) * count - 1) / width());
    return now;
  }

  ranges.writer = () => {
    let [bits, waiting] = ["", 0];
    const put = (bit) => {
      bits += bit + (bit === "0" ? "1" : "0").repeat(waiting);
      waiting = 0;
    };
    const now = interval((by) => {
      if (by === QUARTER) waiting += 1;
      else put(by ? "1" : "0");
    });
    const write = {
      bit: (place, bit) => now.learn(now.at(place), bit),
      even: now.narrow,
      number: (place, number) => {
        for (let step = 0; step < Math.min(number, UNARY); step += 1) write.bit(place + " " + step, true);
        if (number < UNARY) write.bit(place + " " + number, false);
        else write.even(number - UNARY, 4096);
      },
      tree: (place, number, width) => {
        for (let node = 1, shift = width - 1; shift >= 0; shift -= 1) {
          write.bit(place + " " + node, (number >> shift) & 1);
          node = 2 * node + ((number >> shift) & 1);
        }
      },
      bits: () => {
        waiting += 1;
        put(now.low < QUARTER ? "0" : "1");
        return bits;
      },
    };
    return write;
  };

  // Throws for more than anybody writes; past the end are zeros.
  ranges.reader = (bits) => {
    let [at, steps, value] = [0, 0, 0];
    const next = () => Number(bits[at++] || 0);
    while (at < 32) value = 2 * value + next();
    const now = interval((by) => { value = 2 * (value - by) + next(); });
    const read = {
      bit: (place) => {
        if ((steps += 1) > MOST_STEPS) throw new Error("too long");
        const spot = now.at(place);
        const bit = value >= spot.middle;
        now.learn(spot, bit);
        return bit;
      },
      even: (count) => {
        const number = now.find(value, count);
        now.narrow(number, count);
        return number;
      },
      number: (place) => {
        for (let step = 0; step < UNARY; step += 1) if (!read.bit(place + " " + step)) return step;
        return UNARY + read.even(4096);
      },
      tree: (place, width) => {
        let node = 1;
        for (let i = 0; i < width; i += 1) node = 2 * node + (read.bit(place + " " + node) ? 1 : 0);
        return node - (1 << width);
      },
    };
    return read;
  };
})(typeof window === "undefined" ? global : window);
