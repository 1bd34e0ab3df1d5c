package dev.weft.gateway.worker;

import java.util.List;

/**
 * What a request asks of a worker besides its base.
 *
 * @param path of the API, such as {@code /v1/embeddings}; empty for any
 * @param said a ready worker says that it serves the path; then workers that have said nothing yet
 *     are not asked, since they may not serve it
 */
public record AskedPath(String path, boolean said) {
    /** A path that no worker is known to serve yet. */
    public static AskedPath of(String path) {
        return new AskedPath(path, false);
    }

    /**
     * The path as the choice among all workers needs it. If no worker of the base serves it, it
     * becomes empty, so that any of them is asked and says so to the client.
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
