package dev.weft.format.trtllm;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The inputs and outputs of NVIDIA's model {@code tensorrt_llm} for Triton's backend {@code
 * tensorrtllm}, as TensorRT-LLM 1.2's
 * triton_backend/all_models/inflight_batcher_llm/tensorrt_llm/config.pbtxt declares them. The
 * backend reads all of them; Triton refuses an undeclared tensor.
 */
final class TritonTensors {
    /** A tensor with the words of its declaration. */
    private record DeclaredTensor(String name, String type, String dims, List<String> more) {
        String text() {
            return Stream.concat(
                            Stream.of(
                                    "name: \"" + name + "\"",
                                    "data_type: " + type,
                                    "dims: [ " + dims + " ]"),
                            more.stream())
                    .collect(Collectors.joining("\n    ", "  {\n    ", "\n  }"));
        }
    }

    private static final String RESHAPE = "reshape: { shape: [ ] }";
    private static final String OPTIONAL = "optional: true";
    private static final String RAGGED = "allow_ragged_batch: true";

    private TritonTensors() {}

    /**
     * The inputs.
     *
     * @param loraType Triton's type of the engine's lora_plugin
     */
    static String inputs(String loraType) {
        return text(
                Stream.of(
                        ragged("input_ids", "TYPE_INT32", "-1"),
                        ragged("encoder_input_features", "TYPE_FP16", "-1, -1"),
                        scalars("TYPE_INT32", "encoder_output_lengths"),
                        required("input_lengths", "request_output_len"),
                        scalars("TYPE_INT32", "num_return_sequences"),
                        ragged("draft_input_ids", "TYPE_INT32", "-1"),
                        ragged("decoder_input_ids", "TYPE_INT32", "-1"),
                        scalars("TYPE_INT32", "decoder_input_lengths"),
                        ragged("draft_logits", "TYPE_FP32", "-1, -1"),
                        scalars("TYPE_FP32", "draft_acceptance_threshold"),
                        scalars("TYPE_INT32", "end_id", "pad_id"),
                        ragged("stop_words_list", "TYPE_INT32", "2, -1"),
                        ragged("bad_words_list", "TYPE_INT32", "2, -1"),
                        ragged("embedding_bias", "TYPE_FP32", "-1"),
                        sampling(),
                        control(),
                        ragged("prompt_embedding_table", "TYPE_FP16", "-1, -1"),
                        ragged("prompt_table_extra_ids", "TYPE_UINT64", "-1"),
                        scalars("TYPE_INT32", "prompt_vocab_size"),
                        ragged("cross_attention_mask", "TYPE_BOOL", "-1, -1"),
                        plain("mrope_rotary_cos_sin", "TYPE_FP32", "-1"),
                        plain("mrope_position_deltas", "TYPE_INT64", "1"),
                        scalars("TYPE_UINT64", "lora_task_id"),
                        ragged("lora_weights", loraType, "-1, -1"),
                        ragged("lora_config", "TYPE_INT32", "-1, 3"),
                        others()));
    }

    private static Stream<DeclaredTensor> sampling() {
        return Stream.of(
                        scalars("TYPE_INT32", "beam_width"),
                        scalars("TYPE_FP32", "temperature"),
                        scalars("TYPE_INT32", "runtime_top_k"),
                        scalars(
                                "TYPE_FP32",
                                "runtime_top_p",
                                "runtime_top_p_min",
                                "runtime_top_p_decay"),
                        scalars("TYPE_INT32", "runtime_top_p_reset_ids"),
                        scalars("TYPE_FP32", "len_penalty"),
                        scalars("TYPE_BOOL", "early_stopping"),
                        scalars("TYPE_FP32", "repetition_penalty"),
                        scalars("TYPE_INT32", "min_tokens"),
                        scalars(
                                "TYPE_FP32",
                                "beam_search_diversity_rate",
                                "presence_penalty",
                                "frequency_penalty"),
                        scalars("TYPE_UINT64", "seed"))
                .flatMap(tensors -> tensors);
    }

    private static Stream<DeclaredTensor> control() {
        return scalars(
                "TYPE_BOOL",
                "return_log_probs",
                "return_context_logits",
                "return_generation_logits",
                "return_perf_metrics",
                "return_num_input_tokens",
                "return_num_output_tokens",
                "exclude_input_in_output",
                "stop",
                "streaming");
    }

    private static Stream<DeclaredTensor> others() {
        return Stream.of(
                        ragged("context_phase_params", "TYPE_UINT8", "-1"),
                        ragged("skip_cross_attn_blocks", "TYPE_BOOL", "1"),
                        ragged("retention_token_range_starts", "TYPE_INT32", "-1"),
                        ragged("retention_token_range_ends", "TYPE_INT32", "-1"),
                        ragged("retention_token_range_priorities", "TYPE_INT32", "-1"),
                        ragged("retention_token_range_durations_ms", "TYPE_INT32", "-1"),
                        ragged("retention_decode_priority", "TYPE_INT32", "1"),
                        ragged("retention_decode_duration_ms", "TYPE_INT32", "1"),
                        ragged("guided_decoding_guide_type", "TYPE_STRING", "1"),
                        ragged("guided_decoding_guide", "TYPE_STRING", "1"),
                        ragged("lookahead_window_size", "TYPE_INT32", "1"),
                        ragged("lookahead_ngram_size", "TYPE_INT32", "1"),
                        ragged("lookahead_verification_set_size", "TYPE_INT32", "1"))
                .flatMap(tensors -> tensors);
    }

    /** The outputs. */
    static String outputs() {
        return text(
                Stream.of(
                        output("TYPE_INT32", "-1, -1", "output_ids"),
                        output("TYPE_INT32", "-1", "sequence_length"),
                        output("TYPE_FP32", "-1", "cum_log_probs"),
                        output("TYPE_FP32", "-1, -1", "output_log_probs", "context_logits"),
                        output("TYPE_FP32", "-1, -1, -1", "generation_logits"),
                        output("TYPE_INT32", "1", "batch_index", "sequence_index"),
                        output("TYPE_UINT8", "-1", "context_phase_params"),
                        output(
                                "TYPE_INT32",
                                "1",
                                "kv_cache_alloc_new_blocks",
                                "kv_cache_reused_blocks",
                                "kv_cache_alloc_total_blocks"),
                        output(
                                "TYPE_INT64",
                                "1",
                                "arrival_time_ns",
                                "first_scheduled_time_ns",
                                "first_token_time_ns",
                                "last_token_time_ns"),
                        output("TYPE_FP32", "1", "acceptance_rate"),
                        output(
                                "TYPE_INT32",
                                "1",
                                "total_accepted_draft_tokens",
                                "total_draft_tokens",
                                "num_input_tokens",
                                "num_output_tokens")));
    }

    private static String text(Stream<Stream<DeclaredTensor>> tensors) {
        return tensors.flatMap(each -> each)
                .map(DeclaredTensor::text)
                .collect(Collectors.joining(",\n", "[\n", "\n]"));
    }

    /** Numbers that every request has: Triton strips the batch dimension and this one. */
    private static Stream<DeclaredTensor> required(String... names) {
        return Stream.of(names)
                .map(name -> new DeclaredTensor(name, "TYPE_INT32", "1", List.of(RESHAPE)));
    }

    private static Stream<DeclaredTensor> scalars(String type, String... names) {
        return Stream.of(names)
                .map(name -> new DeclaredTensor(name, type, "1", List.of(RESHAPE, OPTIONAL)));
    }

    private static Stream<DeclaredTensor> ragged(String name, String type, String dims) {
        return Stream.of(new DeclaredTensor(name, type, dims, List.of(OPTIONAL, RAGGED)));
    }

    private static Stream<DeclaredTensor> plain(String name, String type, String dims) {
        return Stream.of(new DeclaredTensor(name, type, dims, List.of(OPTIONAL)));
    }

    private static Stream<DeclaredTensor> output(String type, String dims, String... names) {
        return Stream.of(names).map(name -> new DeclaredTensor(name, type, dims, List.of()));
    }
}
