package dev.weft.source.download;

import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.util.Optional;

/** Where the files of one repository come from. One thread. */
public interface FileOrigin {
    /** Tells origins apart in what is written down, and is shown in messages. */
    String address();

    /** The revision that was asked for where it can mean one content only. */
    Optional<String> pinned();

    /** Asks what is there. */
    Listing list() throws IOException, SourceException, InterruptedException;

    /**
     * Asks for a file from a byte on.
     *
     * @param part what is here of it already; it ends before {@code from}
     */
    RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException, InterruptedException;
}
