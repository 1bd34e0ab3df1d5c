package dev.weft.source.download;

import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.util.Optional;

/** The origin of one repository's files. For one thread. */
public interface FileOrigin {
    /** The address by which records tell origins apart; messages show it too. */
    String address();

    /** The revision that was asked for, if it can mean one content only. */
    Optional<String> pinned();

    /** Asks which files there are. */
    Listing list() throws IOException, SourceException, InterruptedException;

    /**
     * Asks for a file from a byte on.
     *
     * @param part the part that is here already; it ends before {@code from}
     */
    RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException, InterruptedException;
}
