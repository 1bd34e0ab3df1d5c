package dev.weft.protocol.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** States as JSON in one line; both ends use it. It keeps nothing. Any thread. */
public final class WorkerStateCodec {
    /** The path at which a worker sends its states, as server-sent events. */
    public static final String PATH = "/state/v1/events";

    /** The name of the events. */
    public static final String EVENT = "state";

    /** Longest state, in bytes: 50,000 adapters take 3.7 MB. */
    public static final int MOST_BYTES = 4 << 20;

    /** Adapters that one worker holds in slots, or in host memory. */
    static final int MOST_ADAPTERS = 50_000;

    /** Tenants whose requests wait at one worker, or hold its rows. */
    static final int MOST_TENANTS = 10_000;

    /** Paths of the API that one worker serves. */
    static final int MOST_PATHS = 100;

    private static final JsonMapper JSON = JsonMapper.shared();

    private WorkerStateCodec() {}

    /** Writes a state in UTF-8. */
    public static byte[] encode(WorkerState state) {
        WorkerLoad load = state.load();
        return JSON.writeValueAsBytes(
                new StateJson(
                        state.draining(),
                        state.slots(),
                        in(Tier.SLOT, state),
                        in(Tier.HOST, state),
                        state.paths().stream().sorted().toList(),
                        new LoadJson(
                                load.rows(),
                                load.running(),
                                load.holders().byTenant(),
                                load.waiting(),
                                load.waitingRequests(),
                                load.rowSeconds(),
                                load.kvUsage(),
                                load.stepSeconds())));
    }

    private static List<String> in(Tier tier, WorkerState state) {
        return state.held().entrySet().stream()
                .filter(held -> held.getValue() == tier)
                .map(held -> held.getKey().toString())
                .toList();
    }

    /**
     * Reads a state.
     *
     * @param data its bytes in UTF-8 are the first {@code length} ones
     * @throws IllegalArgumentException if the bytes are not a state; says why
     */
    public static WorkerState decode(byte[] data, int length) {
        atMost(MOST_BYTES, length, "bytes");
        StateJson read = read(data, length);
        Map<AdapterDigest, Tier> held = new LinkedHashMap<>();
        digests(read.inHost, "inHost", Tier.HOST, held);
        digests(read.inSlots, "inSlots", Tier.SLOT, held);
        LoadJson load = required(read.load, "load");
        List<String> paths = read.paths == null ? List.of() : read.paths;
        atMost(MOST_PATHS, paths.size(), "paths");
        return new WorkerState(
                read.draining,
                read.slots,
                held,
                new HashSet<>(paths),
                new WorkerLoad(
                        load.rows,
                        holders(load),
                        queue(load),
                        load.rowSeconds,
                        load.kvUsage,
                        load.stepSeconds));
    }

    /** An earlier worker does not say whose choices hold its rows. */
    private static WorkerLoad.Holders holders(LoadJson load) {
        Map<String, Integer> running =
                load.runningByTenant == null ? Map.of() : load.runningByTenant;
        atMost(MOST_TENANTS, running.size(), "tenants in runningByTenant");
        return new WorkerLoad.Holders(load.running, running);
    }

    /** Each waiting choice of an earlier worker counts as a request. */
    private static WorkerLoad.Queue queue(LoadJson load) {
        Map<String, Integer> waiting = required(load.waiting, "waiting");
        atMost(MOST_TENANTS, waiting.size(), "tenants in waiting");
        return new WorkerLoad.Queue(
                waiting,
                load.waitingRequests == null
                        ? waiting.values().stream().mapToInt(Integer::intValue).sum()
                        : load.waitingRequests);
    }

    private static StateJson read(byte[] data, int length) {
        try {
            StateJson read =
                    JSON.readValue(
                            new String(data, 0, length, StandardCharsets.UTF_8), StateJson.class);
            if (read == null) {
                throw new IllegalArgumentException("a worker's state is null");
            }
            return read;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "a worker's state can't be read: " + e.getOriginalMessage(), e);
        }
    }

    private static void digests(
            @Nullable List<String> texts, String field, Tier tier, Map<AdapterDigest, Tier> to) {
        List<String> all = required(texts, field);
        atMost(MOST_ADAPTERS, all.size(), "adapters in " + field);
        for (String text : all) {
            to.put(AdapterDigest.parse(text), tier);
        }
    }

    private static void atMost(int most, int found, String what) {
        if (found > most) {
            throw new IllegalArgumentException(
                    "a worker's state has %d %s: allowed are %d".formatted(found, what, most));
        }
    }

    private static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("a worker's state lacks " + field);
        }
        return value;
    }

    private record StateJson(
            boolean draining,
            int slots,
            @Nullable List<String> inSlots,
            @Nullable List<String> inHost,
            @Nullable List<String> paths,
            @Nullable LoadJson load) {}

    private record LoadJson(
            int rows,
            int running,
            @Nullable Map<String, Integer> runningByTenant,
            @Nullable Map<String, Integer> waiting,
            @Nullable Integer waitingRequests,
            double rowSeconds,
            double kvUsage,
            double stepSeconds) {}
}
