package dev.weft.source.fetch;

import java.nio.file.Path;
import java.util.List;

/**
 * A repository that was fetched.
 *
 * @param folder the folder of its files
 * @param resolvedRevision the commit; empty for FILE, which has none
 * @param files names of the wanted files that are there and of the files that are only listed,
 *     sorted
 */
public record Fetched(Path folder, String resolvedRevision, List<String> files) {
    public Fetched {
        files = List.copyOf(files);
    }
}
