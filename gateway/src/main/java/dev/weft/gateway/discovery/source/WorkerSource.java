package dev.weft.gateway.discovery.source;

/** Tells where workers are, from its start until it is closed. */
public interface WorkerSource extends AutoCloseable {
    /** The name of the source; a gateway has one of each at most. */
    SourceName name();

    /** Starts to look for workers and returns at once. */
    void start(SourceListener listener);

    @Override
    void close();
}
