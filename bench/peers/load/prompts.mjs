// Prompts as token ids: exactly as long as asked, another one for each request, the same for the same seed.

const LOWEST_ID = 259; // below are special tokens and single bytes, as in ./weft bench

/** A function from a request's number to its prompt of `length` ids below `vocabularySize`. */
export function prompts(length, vocabularySize, seed) {
  return (request) => {
    const next = generator(seed, request);
    return Array.from({ length }, () => LOWEST_ID + Math.floor(next() * (vocabularySize - LOWEST_ID)));
  };
}

/** Numbers from 0 up to 1 (mulberry32), each request with its own sequence. */
function generator(seed, request) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(request + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
