package dev.weft.inference.relay.dialect;

import dev.weft.inference.relay.adapter.RelayName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * vLLM: {@code /v1/load_lora_adapter}, present if {@code VLLM_ALLOW_RUNTIME_LORA_UPDATING} is set.
 * The Python front end answers in text or with codes that are numbers, the Rust one with codes that
 * are strings. The Rust one loads adapters only from folders that an environment variable names.
 */
record Vllm() implements Dialect {
    /** Ranks that {@code --max-lora-rank} takes. */
    private static final int[] RANKS = {1, 8, 16, 32, 64, 128, 256, 320, 512};

    @Override
    public String engine() {
        return "vllm";
    }

    @Override
    public String model(RelayName adapter, String base) {
        return adapter.toString();
    }

    /** It applies adapters at all paths, its pooling paths and {@code /v1/responses} included. */
    @Override
    public boolean appliesAdapters(String path) {
        return true;
    }

    /**
     * It opens files only in the folder that its operator names with {@code
     * --allowed-local-media-path}.
     */
    @Override
    public boolean opensFiles() {
        return false;
    }

    @Override
    public Optional<AdapterCall> load(RelayName adapter, Path folder) {
        return Optional.of(
                new AdapterCall(
                        "/v1/load_lora_adapter",
                        Map.of("lora_name", adapter.toString(), "lora_path", folder.toString())));
    }

    @Override
    public Optional<AdapterCall> probe() {
        return Optional.of(
                new AdapterCall("/v1/load_lora_adapter", Map.of("lora_name", "", "lora_path", "")));
    }

    @Override
    public String howToLetLoad() {
        return "start it with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True";
    }

    @Override
    public Optional<AdapterCall> unload(RelayName adapter) {
        return Optional.of(
                new AdapterCall(
                        "/v1/unload_lora_adapter", Map.of("lora_name", adapter.toString())));
    }

    @Override
    public boolean isLoadedAlready(ServerReply reply) {
        return reply.status() == 400 && reply.text().contains("has already been loaded");
    }

    @Override
    public boolean isUnknown(ServerReply reply) {
        return reply.status() == 404;
    }

    /** Newer versions answer 500 to what their engine refuses, older ones 400. */
    @Override
    public boolean isRefused(ServerReply reply) {
        return reply.status() == 400 || reply.text().contains("Call to add_lora method failed");
    }

    @Override
    public boolean refusesUnknownTokens() {
        return true;
    }

    @Override
    public boolean isUnknownToken(ServerReply reply) {
        return reply.status() == 400 && reply.text().contains("out of vocabulary");
    }

    @Override
    public boolean forgot(ServerReply reply) {
        return reply.status() == 404 && reply.text().contains("does not exist");
    }

    @Override
    public boolean lists() {
        return true;
    }

    /**
     * A request for log-probabilities of its prompt ended the engine of 0.32 on a CPU if other
     * adapters were in the batch, and all other requests with it. Arguments of the processor of
     * images go to functions that also load it, and read files and addresses. Older versions make
     * objects of Python classes that a request names.
     */
    @Override
    public Set<String> refused() {
        return Set.of(
                "prompt_embeds",
                "prompt_logprobs",
                "echo",
                "mm_processor_kwargs",
                "logits_processors");
    }

    /** It takes one if it was started with {@code --trust-request-chat-template}. */
    @Override
    public boolean takesTemplates() {
        return true;
    }

    @Override
    public Optional<AdapterCall> templateProbe(String base) {
        return Optional.of(
                new AdapterCall(
                        "/tokenize",
                        Map.of(
                                "model",
                                base,
                                "messages",
                                List.of(Map.of("role", "user", "content", "a")),
                                "chat_template",
                                "{{ messages[0].content }}")));
    }

    @Override
    public Salts salts() {
        return Salts.EVERYWHERE;
    }

    @Override
    public String howToShareNoPrefixes() {
        return "--no-enable-prefix-caching";
    }

    @Override
    public boolean messagesTellWholeInput() {
        return false;
    }

    @Override
    public LoadMetrics loadMetrics() {
        return new LoadMetrics(
                List.of("vllm:num_requests_waiting"),
                List.of("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"),
                List.of("vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"),
                List.of("vllm:prompt_tokens_total"),
                List.of("vllm:generation_tokens_total"));
    }

    @Override
    public String keyVariable() {
        return "VLLM_API_KEY";
    }

    @Override
    public Launch launch(ServerPlan plan) {
        ServerPlan.Limits limits = plan.limits();
        int rank = IntStream.of(RANKS).filter(it -> it >= limits.rank()).findFirst().orElseThrow();
        return new Launch(
                List.of(
                        new Option("--host", "127.0.0.1"),
                        new Option("--port", String.valueOf(plan.port())),
                        new Option("--served-model-name", plan.base().name()),
                        new Option("--enable-lora", ""),
                        new Option("--trust-request-chat-template", ""),
                        Option.atLeast("--max-lora-rank", rank, MAX_RANK),
                        Option.atLeast("--max-loras", limits.slots(), MAX_LORAS),
                        Option.atLeast("--max-cpu-loras", limits.held(), MAX_CPU_LORAS)),
                Map.of(
                        "VLLM_ALLOW_RUNTIME_LORA_UPDATING",
                        "True",
                        "VLLM_RUNTIME_LORA_ALLOWED_PATH_PREFIXES",
                        plan.folders().adapters().toString(),
                        "VLLM_NO_USAGE_STATS",
                        "1"),
                Map.of());
    }
}
