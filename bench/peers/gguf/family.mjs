// The model families that are written, and how their modules are called in a GGUF.

/** Linear layers: Hugging Face's module -> llama.cpp's, and the heads its rows belong to if llama.cpp orders them in another way. */
export const LINEAR_MODULES = new Map([
  ['self_attn.q_proj', { name: 'attn_q', rotated: 'num_attention_heads' }],
  ['self_attn.k_proj', { name: 'attn_k', rotated: 'num_key_value_heads' }],
  ['self_attn.v_proj', { name: 'attn_v' }],
  ['self_attn.o_proj', { name: 'attn_output' }],
  ['mlp.gate_proj', { name: 'ffn_gate' }],
  ['mlp.up_proj', { name: 'ffn_up' }],
  ['mlp.down_proj', { name: 'ffn_down' }],
]);

/** `interleaved`: llama.cpp rotates neighbouring rows of a head, Hugging Face its first half with its second. */
const FAMILIES = new Map([
  ['llama', { architecture: 'llama', interleaved: true }],
  ['qwen2', { architecture: 'qwen2', interleaved: false }],
]);

/** The family of a config.json; what llama.cpp would compute in another way is refused with the key that says so. */
export function familyOf(config) {
  const family = FAMILIES.get(config.model_type);
  if (family === undefined) {
    throw new Error(
      `config.json: model_type ${config.model_type} is not written, only ${[...FAMILIES.keys()].join(', ')}`,
    );
  }
  const scaling = config.rope_scaling ?? config.rope_parameters;
  if (scaling != null && (scaling.rope_type ?? scaling.type ?? 'default') !== 'default') {
    throw new Error(`config.json: rope_scaling ${JSON.stringify(scaling)} is not written, only null`);
  }
  if ((config.hidden_act ?? 'silu') !== 'silu') {
    throw new Error(`config.json: hidden_act ${config.hidden_act} is not written, only silu`);
  }
  if (config.use_sliding_window) {
    throw new Error('config.json: use_sliding_window true is not written, only false');
  }
  return family;
}

/**
 * Rows of one projection from Hugging Face's order within a head (first half, second half) to llama.cpp's (pairs): row
 * t * size/2 + j of a head goes to 2 * j + t. `bytes` holds `rows` rows of equal length.
 */
export function interleaveRows(bytes, rows, heads) {
  const length = bytes.length / rows;
  const headRows = rows / heads;
  const half = headRows / 2;
  if (!Number.isInteger(half) || !Number.isInteger(length)) {
    throw new Error(`${rows} rows do not divide into ${heads} heads of an even size`);
  }
  const result = Buffer.alloc(bytes.length);
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / headRows);
    const inHead = row % headRows;
    const target = head * headRows + 2 * (inHead % half) + Math.floor(inHead / half);
    bytes.copy(result, target * length, row * length, (row + 1) * length);
  }
  return result;
}
