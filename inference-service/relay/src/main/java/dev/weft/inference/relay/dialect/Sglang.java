package dev.weft.inference.relay.dialect;

import dev.weft.inference.relay.adapter.RelayName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * SGLang: {@code /load_lora_adapter}, which answers {@code {success, error_message,
 * loaded_adapters}}; requests name {@code base:adapter}. An unload waits until no request uses the
 * adapter.
 */
record Sglang() implements Dialect {
    @Override
    public String engine() {
        return "sglang";
    }

    @Override
    public String model(RelayName adapter, String base) {
        return base + ":" + adapter;
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
        return reply.status() == 400
                && (reply.text().contains("already loaded")
                        || reply.text().contains("already exists"));
    }

    @Override
    public boolean isUnknown(ServerReply reply) {
        return reply.status() == 400 && reply.text().contains("does not exist");
    }

    @Override
    public boolean forgot(ServerReply reply) {
        return reply.status() == 400
                && (reply.text().contains("has never been loaded")
                        || reply.text().contains("adapters are not loaded"));
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
        return Set.of("lora_path", "input_embeds", "custom_logit_processor", "bootstrap_host");
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
                List.of("sglang:inter_token_latency_seconds"));
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
                        Option.atLeast("--max-loaded-loras", loaded, MAX_CPU_LORAS)),
                Map.of(),
                Map.of());
    }
}
