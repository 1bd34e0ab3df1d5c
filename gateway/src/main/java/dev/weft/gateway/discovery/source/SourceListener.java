package dev.weft.gateway.discovery.source;

import dev.weft.gateway.worker.ListedWorker;
import java.util.Collection;
import java.util.List;

/** Hears what a source finds. Any thread. */
public interface SourceListener {
    /**
     * The source has looked; some or all of its parts may not have answered.
     *
     * @param workers all workers that the source knows now
     * @param problems parts of the source that did not answer, whose earlier workers stay in the
     *     list, and addresses that may not be used; a problem that lasts has the same text each
     *     time
     */
    void found(Collection<ListedWorker> workers, List<String> problems);

    /** The source did not answer: what it told last stays. */
    void failed(String why);
}
