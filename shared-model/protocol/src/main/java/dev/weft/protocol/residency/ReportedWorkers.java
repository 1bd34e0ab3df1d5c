package dev.weft.protocol.residency;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The workers that have reported to the catalog recently, as it tells gateways; both ends use it.
 *
 * @param workers at most {@link #MOST}
 */
public record ReportedWorkers(List<Worker> workers) {
    /** The path at which gateways ask for them. */
    public static final String PATH = "/residency/v1/workers";

    /** The most workers in an answer. */
    public static final int MOST = 4_096;

    /** The most bytes of an answer: an address has at most 200 characters in the catalog. */
    public static final int MOST_BYTES = 4 << 20;

    /**
     * A worker.
     *
     * @param address as it reported it; nobody has checked it
     */
    public record Worker(String id, String address) {}

    private record WorkerJson(
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("address") @Nullable String address) {}

    private record WorkersJson(
            @JsonProperty("workers") @Nullable List<@Nullable WorkerJson> workers) {}

    public ReportedWorkers {
        workers = List.copyOf(workers);
    }

    /** Writes them as JSON. */
    public byte[] encode() {
        List<@Nullable WorkerJson> written = new ArrayList<>();
        workers.forEach(worker -> written.add(new WorkerJson(worker.id, worker.address)));
        return JsonMapper.shared().writeValueAsBytes(new WorkersJson(written));
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if the text is something else
     */
    public static ReportedWorkers decode(byte[] json) {
        try {
            WorkersJson read = JsonMapper.shared().readValue(json, WorkersJson.class);
            if (read == null || read.workers == null) {
                throw new IllegalArgumentException("no list of workers");
            }
            return new ReportedWorkers(
                    read.workers.stream().limit(MOST).map(ReportedWorkers::worker).toList());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no list of workers", e);
        }
    }

    private static Worker worker(@Nullable WorkerJson read) {
        if (read == null || read.id == null || read.address == null) {
            throw new IllegalArgumentException("a worker without id or address");
        }
        return new Worker(read.id, read.address);
    }
}
