// Events of a stream, as bytes come: those that bring text count, since a relay may add or drop others.

/** Returns a function that takes pieces of a stream and tells how many events with text have ended in each. */
export function textEvents() {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    return lines.filter((line) => line.startsWith('data: {') && !line.includes('"choices":[]') && line.includes('"choices"')).length;
  };
}
