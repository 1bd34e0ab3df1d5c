// A run in figures, with the names and definitions of `./weft bench --json`, so that both can be read by one program.

/**
 * Times of an answer in milliseconds since the run began: {begun, tokens: [time of each output token], ended}, and its
 * promptTokens. Everything is measured by the one who asked.
 */
export function figures(answers, wallMs) {
  const seconds = wallMs / 1000;
  const outputTokens = sum(answers.map(({ tokens }) => tokens.length));
  const promptTokens = sum(answers.map((answer) => answer.promptTokens));
  const gaps = answers.flatMap(({ tokens }) => tokens.slice(1).map((time, i) => time - tokens[i]));
  return {
    requests: answers.length,
    output_tokens: outputTokens,
    prompt_tokens: { sum: promptTokens },
    tokens_per_s: outputTokens / seconds,
    prompt_tokens_per_s: promptTokens / seconds,
    requests_per_s: answers.length / seconds,
    ttft_ms: latencies(answers.map(({ begun, tokens }) => tokens[0] - begun)),
    inter_token_ms: latencies(gaps),
    end_to_end_ms: latencies(answers.map(({ begun, ended }) => ended - begun)),
  };
}

/** Mean, least, largest and nearest-rank percentiles; null if there are no times. */
export function latencies(times) {
  if (times.length === 0) {
    return null;
  }
  const sorted = times.toSorted((a, b) => a - b);
  const rank = (share) => sorted[Math.ceil(share * sorted.length) - 1];
  return {
    count: sorted.length,
    mean: sum(sorted) / sorted.length,
    min: sorted[0],
    p50: rank(0.5),
    p90: rank(0.9),
    p99: rank(0.99),
    max: sorted.at(-1),
  };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
