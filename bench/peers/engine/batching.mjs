// How the sequences of a context are put into one batch.

/**
 * An item prioritization strategy of node-llama-cpp that keeps sequences in the order of their numbers, which are given as
 * evaluationPriority. llama.cpp computes sequences in one pass only if their ids are consecutive in the batch
 * (llama_batch_allocr::split_equal); the library's own strategies leave them in the order in which their last tokens were
 * sampled, and then a batch of 16 falls into passes of 2 or 3 (measured: 93 instead of over 300 tokens/s).
 */
export function inOrderOfSequences({ items, size }) {
  const ordered = items.toSorted((a, b) => a.evaluationPriority - b.evaluationPriority);
  const amounts = fairShares(
    ordered.map(({ tokens }) => tokens.length),
    size,
  );
  return ordered
    .map((item, i) => ({ item, processAmount: amounts[i] }))
    .filter(({ processAmount }) => processAmount > 0);
}

/** Shares of `size` for these wants: all get as much as any other, as far as they want it; the first get what is left. */
function fairShares(wants, size) {
  const shares = wants.map(() => 0);
  let left = size;
  for (;;) {
    const open = wants.flatMap((want, i) => (shares[i] < want ? [i] : []));
    if (left === 0 || open.length === 0) {
      return shares;
    }
    const each = Math.max(1, Math.floor(left / open.length));
    for (const i of open.slice(0, left)) {
      const more = Math.min(each, wants[i] - shares[i], left);
      shares[i] += more;
      left -= more;
    }
  }
}
