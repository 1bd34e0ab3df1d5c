package dev.weft.standalone.http;

import java.net.URI;
import java.util.List;
import picocli.CommandLine.Option;

/** The option for the workers that a command asks. */
public final class WorkerOption {
    public static final String NAME = "--worker";

    @Option(
            names = NAME,
            paramLabel = "URL",
            converter = OfUrl.class,
            description = "A worker to ask; repeatable (default: those that the catalog knows).")
    private List<URI> workers = List.of();

    /** The addresses that are given; empty if the catalog is to name the workers. */
    public List<URI> addresses() {
        return List.copyOf(workers);
    }
}
