package dev.weft.standalone.top;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An adapter (or the base) on all workers, over the time between two scrapes. */
record AdapterLine(String name, Requests requests, Held held) {
    /**
     * Requests for it.
     *
     * @param tokensPerSecond tokens of answers that have ended, as the gateway counts them; empty
     *     without a gateway
     * @param perSecond requests that got a row
     * @param queueSeconds mean wait of these for a row
     * @param waitAt number of workers on which requests wait for it
     */
    record Requests(
            OptionalDouble tokensPerSecond,
            OptionalDouble perSecond,
            OptionalDouble queueSeconds,
            int waitAt) {}

    /**
     * Where it is.
     *
     * @param inSlots number of workers that have it in a slot
     * @param inHost number of workers that hold it in host memory
     * @param bytes in slots and host memory, all workers together
     */
    record Held(int inSlots, int inHost, double bytes) {}

    private static final String LABEL = "weft_adapter";
    private static final String BYTES = "weft_adapter_bytes";
    private static final String QUEUE = "weft_adapter_queue_seconds";
    private static final String INFO = "vllm:lora_requests_info";
    private static final String TOKENS = "gen_ai_client_token_usage_sum";

    /** All lines, the busiest first; idle adapters follow in order of their names. */
    static List<AdapterLine> of(Collection<Growth> workers, @Nullable Growth gateway) {
        Set<String> names = new TreeSet<>();
        for (Growth worker : workers) {
            names.addAll(worker.now().values(QUEUE + "_count", LABEL));
            names.addAll(worker.now().values(BYTES, LABEL));
        }
        return names.stream()
                .map(name -> of(name, workers, gateway))
                .filter(line -> !line.isEmpty())
                .sorted(
                        Comparator.comparingDouble((AdapterLine line) ->
                                        -line.requests.tokensPerSecond.orElse(0))
                                .thenComparingDouble(line -> -line.requests.perSecond.orElse(0))
                                .thenComparing(AdapterLine::name))
                .toList();
    }

    private static AdapterLine of(
            String name, Collection<Growth> workers, @Nullable Growth gateway) {
        return new AdapterLine(
                name,
                requests(name, workers, gateway),
                new Held(
                        holding(workers, name, "slot"),
                        holding(workers, name, "host"),
                        sum(workers, w -> w.now().value(BYTES, labels -> isInMemory(labels, name)))
                                .orElse(0)));
    }

    private static Requests requests(
            String name, Collection<Growth> workers, @Nullable Growth gateway) {
        return new Requests(
                gateway == null
                        ? OptionalDouble.empty()
                        : gateway.perSecond(gateway.of(TOKENS, labels -> isOutput(labels, name))),
                sum(workers, w -> w.perSecond(w.of(QUEUE + "_count", LABEL, name))),
                Growth.ratio(
                        sum(workers, w -> w.of(QUEUE + "_sum", LABEL, name)),
                        sum(workers, w -> w.of(QUEUE + "_count", LABEL, name))),
                (int)
                        workers.stream()
                                .flatMap(
                                        w -> w.now().values(INFO, "waiting_lora_adapters").stream())
                                .filter(all -> Arrays.asList(all.split(",", -1)).contains(name))
                                .count());
    }

    /** True for a label that every worker reports from its start, and that means nothing now. */
    private boolean isEmpty() {
        return requests.perSecond.orElse(0) == 0
                && requests.tokensPerSecond.orElse(0) == 0
                && held.inSlots + held.inHost + requests.waitAt == 0
                && List.of("unknown", "other").contains(name);
    }

    private static boolean isOutput(Map<String, String> labels, String name) {
        return name.equals(labels.get(LABEL)) && "output".equals(labels.get("gen_ai_token_type"));
    }

    private static boolean isInMemory(Map<String, String> labels, String name) {
        return name.equals(labels.get(LABEL)) && !"disk".equals(labels.get("tier"));
    }

    private static int holding(Collection<Growth> workers, String name, String tier) {
        return (int)
                workers.stream()
                        .filter(w ->
                                w.now()
                                        .value(
                                                BYTES,
                                                labels ->
                                                        name.equals(labels.get(LABEL))
                                                                && tier.equals(labels.get("tier")))
                                        .isPresent())
                        .count();
    }

    private static OptionalDouble sum(
            Collection<Growth> workers, Function<Growth, OptionalDouble> value) {
        return workers.stream()
                .map(value)
                .flatMapToDouble(OptionalDouble::stream)
                .reduce(Double::sum);
    }
}
