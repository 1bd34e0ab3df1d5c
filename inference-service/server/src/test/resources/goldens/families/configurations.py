"""The checkpoints and adapters that make.py makes, by their settings."""

MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
TOKENS = 400

SIZES = dict(
    hidden_size=64,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    intermediate_size=96,
    vocab_size=TOKENS,
    max_position_embeddings=1024,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=1,
    tie_word_embeddings=True,
    torch_dtype="bfloat16",
)

# config.json as each family's checkpoints have it: smollm3 and hunyuan in the form of transformers 4.
FAMILIES = {
    "smollm3": dict(
        model_type="smollm3",
        architectures=["SmolLM3ForCausalLM"],
        num_hidden_layers=3,
        no_rope_layers=[1, 0, 1],
        rope_theta=5000000.0,
        rope_scaling=None,
        use_sliding_window=False,
        sliding_window=None,
        rms_norm_eps=1e-6,
    ),
    "ernie4_5": dict(
        model_type="ernie4_5",
        architectures=["Ernie4_5ForCausalLM"],
        num_hidden_layers=2,
        use_bias=True,
        rope_parameters=dict(rope_type="default", rope_theta=500000.0),
        rms_norm_eps=1e-5,
    ),
    "hunyuan": dict(
        model_type="hunyuan_v1_dense",
        architectures=["HunYuanDenseV1ForCausalLM"],
        num_hidden_layers=2,
        attention_bias=False,
        rope_theta=10000.0,
        rope_scaling=dict(
            alpha=1000.0,
            beta_fast=32,
            beta_slow=1,
            factor=1.0,
            mscale=1.0,
            mscale_all_dim=1.0,
            type="dynamic",
        ),
        rms_norm_eps=1e-5,
    ),
    "qwen3": dict(
        model_type="qwen3",
        architectures=["Qwen3ForCausalLM"],
        num_hidden_layers=2,
        attention_bias=False,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0),
        use_sliding_window=True,
        sliding_window=24,
        max_window_layers=1,
        rms_norm_eps=1e-6,
    ),
    "gemma3": dict(
        model_type="gemma3_text",
        architectures=["Gemma3ForCausalLM"],
        num_hidden_layers=3,
        sliding_window=24,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        query_pre_attn_scalar=20,
        # Embeddings are scaled up, and would outweigh the layers in a tied head.
        tie_word_embeddings=False,
        hidden_activation="gelu_pytorch_tanh",
        rope_parameters=dict(
            sliding_attention=dict(rope_type="default", rope_theta=10000.0),
            full_attention=dict(rope_type="default", rope_theta=1000000.0),
        ),
        rms_norm_eps=1e-6,
    ),
    "qwen3_moe": dict(
        model_type="qwen3_moe",
        architectures=["Qwen3MoeForCausalLM"],
        num_hidden_layers=3,
        attention_bias=False,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0),
        use_sliding_window=False,
        sliding_window=None,
        num_experts=6,
        num_experts_per_tok=2,
        moe_intermediate_size=32,
        decoder_sparse_step=2,
        mlp_only_layers=[],
        norm_topk_prob=True,
        rms_norm_eps=1e-6,
    ),
    "mixtral": dict(
        model_type="mixtral",
        architectures=["MixtralForCausalLM"],
        num_hidden_layers=2,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0),
        sliding_window=None,
        num_local_experts=4,
        num_experts_per_tok=2,
        rms_norm_eps=1e-5,
    ),
}

# Families that are there for their quantised checkpoints alone.
QUANTISED_ONLY = ["qwen3_moe", "mixtral"]

# Further adapters of a family.
KINDS = {
    "gemma3": {
        "dora-rslora": dict(
            r=4, lora_alpha=8, target_modules=MODULES, use_rslora=True, use_dora=True
        ),
        "dora-embedding": dict(
            r=4, lora_alpha=8, target_modules=["embed_tokens", "q_proj", "v_proj"], use_dora=True
        ),
        "rank-256": dict(r=256, lora_alpha=16, target_modules=["q_proj", "v_proj"]),
        "dora-lm-head": dict(
            r=4, lora_alpha=8, target_modules=["lm_head", "q_proj"], use_dora=True
        ),
        "save-embed": dict(
            r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], modules_to_save=["embed_tokens"]
        ),
        "saved-copies": dict(r=4, lora_alpha=8, target_modules=["embed_tokens", "lm_head", "v_proj"]),
        "trainable-tokens-both": dict(
            r=4,
            lora_alpha=8,
            target_modules=["q_proj", "v_proj"],
            trainable_token_indices=dict(
                embed_tokens=list(range(3, 150, 3)), lm_head=list(range(4, 150, 3))
            ),
        ),
        "patterns": dict(
            r=4,
            lora_alpha=6,
            target_modules=MODULES,
            rank_pattern={"q_proj": 7, r"layers\.1\.mlp\.up_proj": 3},
            alpha_pattern={"v_proj": 13, "^model.layers.2.self_attn.q_proj": 5},
        ),
    },
    "qwen3": {
        "tied-pair": dict(
            r=4,
            lora_alpha=8,
            target_modules=["embed_tokens", "lm_head", "q_proj"],
            ensure_weight_tying=True,
        ),
        "tied-tokens": dict(
            r=4,
            lora_alpha=8,
            target_modules=["q_proj", "v_proj"],
            trainable_token_indices=list(range(3, 150, 3)),
        ),
    },
}

# Kinds that bring their own embedding and head beside pairs for them (PEFT's save_embedding_layers).
WITH_COPIES = ["saved-copies"]

# Quantised checkpoints, each of a family's: FORM: (family, how).
QUANTISED = {
    "int4-zeros": ("qwen3_moe", "compressed-tensors"),
    "gptq-v2-order": ("qwen3", "gptq_v2"),
    "fbgemm": ("qwen3", "fbgemm_fp8"),
    "int4-channel": ("qwen3", "compressed-tensors-channel"),
    "int4-order": ("qwen3", "compressed-tensors-order"),
    "gptq-experts": ("qwen3_moe", "gptq"),
    "awq-experts": ("mixtral", "awq"),
    "fp8-block": ("qwen3", "fp8"),
    "fp8-tensor": ("qwen3", "float-quantized"),
}
