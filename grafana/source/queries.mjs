// What several dashboards ask for in the same words.

/** How requests end that the client is not to blame for; `refused` and `cancelled` are the client's. */
export const FAILED = 'weft_outcome=~"unavailable|failed|timed_out|broken"';

export const REQUESTS = 'gen_ai_server_request_duration_seconds';
export const FIRST_TOKEN = 'gen_ai_server_time_to_first_token_seconds';
export const PER_TOKEN = 'gen_ai_server_time_per_output_token_seconds';
export const TOKENS = 'gen_ai_client_token_usage';

/** The same by version of an adapter. */
export const VERSION_REQUESTS = 'weft_gateway_version_requests_total';
export const VERSION_FIRST_TOKEN = 'weft_gateway_version_time_to_first_token_seconds';
export const VERSION_PER_TOKEN = 'weft_gateway_version_time_per_output_token_seconds';

/** The ways that requests end, best first. */
export const OUTCOMES = ['ok', 'cancelled', 'expired', 'refused', 'unavailable', 'timed_out', 'failed', 'broken'];

/** Share of failed requests, 0 to 1; 0 if none has failed yet. */
export function failedShare(matchers = '', by = '', range = '$__rate_interval', counter = `${REQUESTS}_count`) {
  const sum = (filter) => `sum${by && ` by (${by})`} (rate(${counter}${filter && `{${filter}}`}[${range}]))`;
  const all = sum(matchers);
  return `(${sum([matchers, FAILED].filter(Boolean).join(', '))} or 0 * ${all}) / ${all}`;
}

/** Thresholds that the alerts have as well: first what deserves a look, then what wakes somebody. */
export const LIMITS = { failedShare: [0.01, 0.05], firstTokenSeconds: [1, 2.5], kvUse: [0.8, 0.95], feedLagSeconds: [10, 30] };

/** Queries that could mean another vLLM's metrics as well are bound to Weft's workers by the name of their job. */
export const WORKERS = 'job="weft-worker"';
