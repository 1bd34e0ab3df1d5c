package dev.weft.format.checkpoint;

/** A small Llama's config.json. */
final class SmallLlama {
    static final String CONFIG =
            """
            {"model_type": "llama", "hidden_size": 40, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true}
            """;

    private SmallLlama() {}
}
