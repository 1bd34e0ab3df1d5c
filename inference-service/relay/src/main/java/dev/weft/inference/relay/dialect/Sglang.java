package dev.weft.inference.relay.dialect;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.path.ModelPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * SGLang: {@code /load_lora_adapter}, which answers {@code {success, error_message,
 * loaded_adapters}}; requests name {@code base:adapter}. An unload waits until no request uses the
 * adapter.
 */
record Sglang() implements Dialect {
    /**
     * Paths whose code hands the adapter's name to the engine. {@code /v1/responses}, {@code
     * /v1/rerank} and {@code /v1/score} accept the name and compute with the base.
     */
    private static final Set<String> APPLIED =
            Set.of(ModelPaths.CHAT, ModelPaths.TEXT, ModelPaths.MESSAGES, ModelPaths.EMBEDDINGS);

    /** Messages that blame an adapter, not the server's own room, files or state. */
    private static final List<String> ADAPTERS_FAULTS =
            List.of(
                    "is incompatible with the current LoRA memory pool",
                    "is incompatible with LoRA targets",
                    "LoRA serving currently doesn't support");

    /**
     * Beginnings of the message that a request's adapter is not loaded; the adapter's name follows.
     */
    private static final List<String> FORGOTTEN =
            List.of(
                    "Got LoRA adapter that has never been loaded: ",
                    "The following requested LoRA adapters are not loaded: ");

    @Override
    public String engine() {
        return "sglang";
    }

    @Override
    public String model(RelayName adapter, String base) {
        return base + ":" + adapter;
    }

    @Override
    public boolean appliesAdapters(String path) {
        return APPLIED.contains(path);
    }

    @Override
    public Optional<AdapterCall> load(RelayName adapter, Path folder) {
        return Optional.of(
                new AdapterCall(
                        "/load_lora_adapter",
                        Map.of("lora_name", adapter.toString(), "lora_path", folder.toString())));
    }

    @Override
    public String howToLetLoad() {
        return "start it with --enable-lora";
    }

    @Override
    public Optional<AdapterCall> unload(RelayName adapter) {
        return Optional.of(
                new AdapterCall("/unload_lora_adapter", Map.of("lora_name", adapter.toString())));
    }

    @Override
    public boolean isLoadedAlready(ServerReply reply) {
        String why = why(reply);
        return why.contains("already loaded") || why.contains("already exists");
    }

    @Override
    public boolean isUnknown(ServerReply reply) {
        return why(reply).contains("does not exist");
    }

    @Override
    public boolean wantsUnloadFirst(ServerReply reply) {
        return why(reply).contains("has an incomplete unload");
    }

    /** It answers 400 to whatever it could not do. */
    @Override
    public boolean isRefused(ServerReply reply) {
        String why = why(reply);
        return ADAPTERS_FAULTS.stream().anyMatch(why::contains);
    }

    /** The reason why the server did not load or unload an adapter; empty for other answers. */
    private static String why(ServerReply reply) {
        return reply.status() == 400 ? reply.json().path("error_message").asString("") : "";
    }

    /** Only the message's beginning counts, since other refusals quote what a client wrote. */
    @Override
    public boolean forgot(ServerReply reply) {
        if (reply.status() != 400) {
            return false;
        }
        JsonNode error = reply.json();
        String message =
                error.path("message").asString(error.path("error").path("message").asString(""));
        return FORGOTTEN.stream().anyMatch(begin -> message.startsWith(begin + RelayName.PREFIX));
    }

    /** Its {@code /health} makes a token and waits for a second. */
    @Override
    public Optional<String> health() {
        return Optional.empty();
    }

    @Override
    public boolean lists() {
        return true;
    }

    @Override
    public Set<String> refused() {
        // rid, and request_id of /v1/responses: if a client leaves, the server ends all requests
        // whose id begins with the id of that client's request
        return Set.of(
                "lora_path",
                "input_embeds",
                "custom_logit_processor",
                "bootstrap_host",
                "rid",
                "request_id",
                "session_params");
    }

    @Override
    public boolean takesTemplates() {
        return false;
    }

    /** Newer versions take one at some paths. */
    @Override
    public Salts salts() {
        return Salts.WHERE_DESCRIBED;
    }

    @Override
    public String howToShareNoPrefixes() {
        return "--disable-radix-cache";
    }

    @Override
    public LoadMetrics loadMetrics() {
        return new LoadMetrics(
                List.of("sglang:num_queue_reqs"),
                List.of("sglang:token_usage"),
                List.of("sglang:inter_token_latency_seconds"),
                List.of("sglang:prompt_tokens_total"),
                List.of("sglang:generation_tokens_total"));
    }

    @Override
    public List<String> checkpoint(String folder) {
        return List.of("--model-path", folder);
    }

    /**
     * The server counts the base among the adapters of a batch: without a place of its own it waits
     * while others keep all places busy.
     */
    @Override
    public Launch launch(ServerPlan plan) {
        ServerPlan.Limits limits = plan.limits();
        int batch = limits.slots() + 1;
        int loaded = Math.max(limits.held(), batch);
        return new Launch(
                List.of(
                        new Option("--host", "127.0.0.1"),
                        new Option("--port", String.valueOf(plan.port())),
                        new Option("--served-model-name", plan.base().name()),
                        new Option("--enable-lora", ""),
                        new Option("--enable-metrics", ""),
                        Option.atLeast("--max-lora-rank", limits.rank(), MAX_RANK),
                        new Option("--lora-target-modules", "all"),
                        Option.atLeast("--max-loras-per-batch", batch, MAX_LORAS),
                        Option.atLeast(
                                "--max-loaded-loras",
                                loaded,
                                limits.held() < batch ? MAX_LORAS : MAX_CPU_LORAS)),
                Map.of(),
                Map.of());
    }
}
