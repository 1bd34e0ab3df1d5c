package dev.weft.gateway.worker;

import java.util.List;

/**
 * What a request asks of a worker besides its base.
 *
 * @param path of the API, such as {@code /v1/embeddings}; empty for any
 * @param said a worker that is there says that it serves the path; one that has said nothing yet
 *     may not, and is not asked
 */
public record AskedPath(String path, boolean said) {
    /** A path of which nobody has said yet who serves it. */
    public static AskedPath of(String path) {
        return new AskedPath(path, false);
    }

    /**
     * The path as the choice among these workers needs it, which are all that there are. If none of
     * the base serves it, any of them says so to the client.
     */
    public AskedPath among(String base, List<WorkerSnapshot> all) {
        boolean served = false;
        for (WorkerSnapshot worker : all) {
            if (worker.bases().containsKey(base)) {
                if (worker.ready() && worker.saysItServes(path)) {
                    return new AskedPath(path, true);
                }
                served |= worker.serves(path);
            }
        }
        return served ? this : of("");
    }

    /** True if the worker may be asked. */
    public boolean suits(WorkerSnapshot worker) {
        return said ? worker.saysItServes(path) : worker.serves(path);
    }
}
