package dev.weft.inference.server.http.json;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields that requests have by their makers: the request classes of vLLM 0.32.0, and the
 * parameters of the Python libraries openai 3.57.0 and anthropic 2.14.0 (its beta ones, too).
 */
public enum MakersFields {
    /** vLLM's ChatCompletionRequest; openai's chat CompletionCreateParams. */
    CHAT(
            """
            messages model frequency_penalty logit_bias logprobs top_logprobs max_tokens
            max_completion_tokens n presence_penalty response_format seed stop stream stream_options
            temperature top_p tools tool_choice reasoning_effort thinking_token_budget
            include_reasoning parallel_tool_calls user use_beam_search top_k min_p
            repetition_penalty watermarking length_penalty stop_token_ids include_stop_str_in_output
            ignore_eos min_tokens skip_special_tokens spaces_between_special_tokens
            truncate_prompt_tokens truncation_side prompt_logprobs logprob_token_ids
            allowed_token_ids bad_words echo add_generation_prompt continue_final_message
            add_special_tokens documents chat_template chat_template_kwargs media_io_kwargs
            mm_processor_kwargs structured_outputs priority request_id session_id
            return_tokens_as_token_ids return_token_ids routed_experts_prompt_start
            return_token_offsets return_prompt_text mm_payload return_mm_kwargs cache_salt
            kv_transfer_params ec_transfer_params vllm_xargs repetition_detection stream_interval
            """,
            """
            messages model audio frequency_penalty function_call functions logit_bias logprobs
            max_completion_tokens max_tokens metadata modalities moderation n parallel_tool_calls
            prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention
            reasoning_effort response_format safety_identifier seed service_tier stop store
            stream_options temperature tool_choice tools top_logprobs top_p user verbosity
            web_search_options stream
            """),
    /** vLLM's CompletionRequest; openai's CompletionCreateParams. */
    TEXT(
            """
            model prompt echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty
            seed stop stream stream_options suffix temperature top_p user use_beam_search top_k
            min_p repetition_penalty watermarking length_penalty stop_token_ids
            include_stop_str_in_output ignore_eos min_tokens skip_special_tokens
            spaces_between_special_tokens truncate_prompt_tokens truncation_side allowed_token_ids
            prompt_logprobs logprob_token_ids bad_words prompt_embeds add_special_tokens
            response_format structured_outputs priority request_id session_id
            return_tokens_as_token_ids return_token_ids routed_experts_prompt_start
            return_token_offsets mm_payload return_mm_kwargs cache_salt kv_transfer_params
            ec_transfer_params vllm_xargs repetition_detection thinking_token_budget stream_interval
            """,
            """
            model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n
            presence_penalty seed stop stream stream_options suffix temperature top_p user
            """),
    /** vLLM's ResponsesRequest; openai's ResponseCreateParams. */
    RESPONSES(
            """
            background include input instructions max_output_tokens max_tool_calls metadata model
            logit_bias parallel_tool_calls previous_response_id prompt reasoning include_reasoning
            service_tier store stream temperature text tool_choice tools top_logprobs top_p top_k
            min_p truncation user skip_special_tokens include_stop_str_in_output presence_penalty
            frequency_penalty prompt_cache_key watermarking request_id session_id media_io_kwargs
            mm_processor_kwargs priority mm_payload return_mm_kwargs cache_salt
            enable_response_messages previous_input_messages structured_outputs repetition_penalty
            seed stop stop_token_ids ignore_eos vllm_xargs kv_transfer_params ec_transfer_params
            chat_template_kwargs
            """,
            """
            access_programs background background_options context_management conversation image
            include input instructions max_output_tokens max_tool_calls metadata model moderation
            parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options
            prompt_cache_retention reasoning safety_identifier service_tier store stream
            stream_options temperature text tool_choice tools top_logprobs top_p truncation user
            """),
    /** vLLM's AnthropicMessagesRequest; anthropic's MessageCreateParams. */
    MESSAGES(
            """
            model messages max_tokens metadata output_config thinking stop_sequences stream system
            temperature tool_choice tools top_k top_p mm_payload return_mm_kwargs cache_salt
            watermarking kv_transfer_params ec_transfer_params vllm_xargs chat_template_kwargs
            """,
            """
            max_tokens messages model billing_policy cache_control compaction container
            context_management diagnostics fallback_credit_token fallbacks inference_geo mcp_servers
            metadata output_config output_format service_tier speed stop_sequences stream system
            thinking thread tool_choice tools betas user_profile_id workspace_id
            """),
    /** vLLM's AnthropicCountTokensRequest; anthropic's MessageCountTokensParams. */
    COUNT(
            "model messages output_config system thinking tool_choice tools chat_template_kwargs",
            """
            messages model cache_control output_config speed system thinking tool_choice tools
            user_profile_id workspace_id
            """),
    /**
     * vLLM's EmbeddingCompletionRequest and EmbeddingChatRequest; openai's EmbeddingCreateParams.
     */
    EMBEDDINGS(
            """
            model user truncate_prompt_tokens padding truncation_side request_id priority
            mm_processor_kwargs cache_salt input add_special_tokens encoding_format embed_dtype
            endianness dimensions use_activation messages add_generation_prompt
            continue_final_message chat_template chat_template_kwargs media_io_kwargs
            """,
            "input model dimensions encoding_format user"),
    /** vLLM's ScoreRequest, in its four forms. */
    SCORE(
            """
            model user truncate_prompt_tokens padding truncation_side request_id priority
            mm_processor_kwargs cache_salt use_activation max_tokens_per_query max_tokens_per_doc
            instruction chat_template_kwargs data_1 data_2 queries documents items text_1 text_2
            """,
            ""),
    /** vLLM's RerankRequest. */
    RERANK(
            """
            model user truncate_prompt_tokens padding truncation_side request_id priority
            mm_processor_kwargs cache_salt use_activation max_tokens_per_query max_tokens_per_doc
            instruction chat_template_kwargs query documents top_n
            """,
            ""),
    /** vLLM's ClassificationCompletionRequest and ClassificationChatRequest. */
    CLASSIFY(
            """
            model user truncate_prompt_tokens padding truncation_side request_id priority
            mm_processor_kwargs cache_salt input add_special_tokens use_activation messages
            add_generation_prompt continue_final_message chat_template chat_template_kwargs
            media_io_kwargs
            """,
            ""),
    /** vLLM's AnthropicTool; anthropic's ToolParam. */
    MESSAGES_TOOL(
            "name description input_schema strict defer_loading",
            """
            input_schema name allowed_callers cache_control defer_loading description
            eager_input_streaming input_examples strict type
            """),
    /** anthropic's BetaOutputConfigParam. */
    MESSAGES_OUTPUT("", "effort format task_budget"),
    /** anthropic's BetaThinkingConfigEnabledParam and its like. */
    MESSAGES_THINKING("", "type budget_tokens display block_binding"),
    /** openai's FunctionToolParam. */
    RESPONSES_TOOL(
            "",
            """
            name parameters strict type allowed_callers defer_loading description output_schema
            """);

    /** No answer is another one by them. */
    private static final Set<String> CHANGE_NOTHING =
            words(
                    // label a request, its payer or its place in caches
                    """
                    user safety_identifier user_profile_id workspace_id request_id session_id
                    metadata service_tier billing_policy fallback_credit_token prompt_cache_key
                    prompt_cache_retention cache_control betas
                    """,
                    // nothing is stored, compared or declined here, and no stream is padded
                    "store diagnostics fallbacks eager_input_streaming",
                    // of prompts that are cut, images, and results that programs read
                    """
                    truncation_side media_io_kwargs mm_processor_kwargs mm_payload return_mm_kwargs
                    output_schema
                    """);

    private final String lists;

    MakersFields(String vllm, String library) {
        lists = vllm + " " + library;
    }

    /** The names. */
    public Set<String> names() {
        return words(lists);
    }

    /** Whether a field's value makes no difference. */
    public boolean changesNothing(String name) {
        return switch (this) {
            case CHAT -> name.equals("prompt_cache_options") || CHANGE_NOTHING.contains(name);
            // checked, as answers repeat it
            case RESPONSES ->
                    name.equals("stream_options")
                            || (CHANGE_NOTHING.contains(name) && !name.equals("metadata"));
            default -> CHANGE_NOTHING.contains(name);
        };
    }

    private static Set<String> words(String... lists) {
        Set<String> words = new TreeSet<>();
        for (String list : lists) {
            words.addAll(List.of(list.strip().split("\\s+")));
        }
        words.remove("");
        return words;
    }
}
