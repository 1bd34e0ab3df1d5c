package dev.weft.inference.relay.dialect;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.path.ModelPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * trtllm-serve: it has no call that loads an adapter. Each request brings {@code lora_request} with
 * the adapter's number, by which the server finds it in its cache, and its folder. It lists the
 * base alone, and refuses fields that it doesn't know.
 */
record TrtllmServe() implements Dialect {
    /** Paths whose requests have {@code lora_request}; others refuse it, or pass over it. */
    private static final Set<String> APPLIED = Set.of(ModelPaths.CHAT, ModelPaths.TEXT);

    @Override
    public String engine() {
        return "trtllm-serve";
    }

    @Override
    public String model(RelayName adapter, String base) {
        return base;
    }

    @Override
    public Map<String, Object> fields(RelayName adapter, Path folder) {
        return Map.of(
                "lora_request",
                Map.of(
                        "lora_name",
                        adapter.toString(),
                        "lora_int_id",
                        adapter.number(),
                        "lora_path",
                        folder.toString()));
    }

    @Override
    public boolean appliesAdapters(String path) {
        return APPLIED.contains(path);
    }

    @Override
    public String howToLetLoad() {
        return "start it with a lora_config in --extra_llm_api_options";
    }

    @Override
    public boolean lists() {
        return false;
    }

    @Override
    public Set<String> refused() {
        return Set.of("disaggregated_params");
    }

    /** Newer versions describe the field for chats. */
    @Override
    public Salts salts() {
        return Salts.WHERE_DESCRIBED;
    }

    /** Newer versions take one if they were started with {@code --allow_request_chat_template}. */
    @Override
    public boolean takesTemplates() {
        return true;
    }

    @Override
    public Optional<AdapterCall> templateProbe(String base) {
        return Optional.of(
                new AdapterCall(
                        ModelPaths.CHAT,
                        Map.of(
                                "model",
                                base,
                                "messages",
                                List.of(Map.of("role", "user", "content", "a")),
                                "max_completion_tokens",
                                1,
                                "chat_template",
                                "{{ messages[0].content }}")));
    }

    @Override
    public String howToShareNoPrefixes() {
        return "kv_cache_config: {enable_block_reuse: false} in --extra_llm_api_options";
    }

    /** Its {@code /metrics} are statistics of steps in JSON; what one reader gets, others don't. */
    @Override
    public LoadMetrics loadMetrics() {
        return LoadMetrics.NONE;
    }

    /** The limits for adapters are in a file: TensorRT-LLM's LoraConfig. */
    @Override
    public Launch launch(ServerPlan plan) {
        Path file = plan.folders().options().resolve("trtllm-serve.yaml");
        return new Launch(
                List.of(
                        new Option("--host", "127.0.0.1"),
                        new Option("--port", String.valueOf(plan.port())),
                        new Option("--extra_llm_api_options", file.toString())),
                Map.of(),
                Map.of(file, loraConfig(plan)));
    }

    /**
     * The text of the file with the limits. An adapter's module that the file does not name has no
     * effect.
     */
    private static String loraConfig(ServerPlan plan) {
        ServerPlan.Limits limits = plan.limits();
        String modules =
                plan.base().modules().stream()
                        .map(LinearModule::tensorRtName)
                        .collect(Collectors.joining(", "));
        return """
        lora_config:
          lora_target_modules: [%s]
          max_lora_rank: %d
          max_loras: %d
          max_cpu_loras: %d
        """
                .formatted(modules, limits.rank(), limits.slots(), limits.held());
    }
}
