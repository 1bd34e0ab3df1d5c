package dev.weft.source.download;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names a content if its source has no commits: {@code sha256:} and a hash. As a revision it asks
 * for that content and no other.
 */
public final class Pin {
    private static final String PREFIX = "sha256:";

    private Pin() {}

    /** Checks a revision before any request. */
    public static void check(RepositoryRef ref) throws SourceException {
        String revision = ref.revision();
        if (revision != null && !revision.matches(PREFIX + "[0-9a-f]{64}")) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED,
                    ref
                            + ": revision '"
                            + revision
                            + "': for "
                            + ref.source()
                            + " it is sha256: and 64 hexadecimal digits, as resolvedRevision shows"
                            + " it, or nothing");
        }
    }

    /** The revision of a file. */
    public static String of(String sha256) {
        return PREFIX + sha256;
    }

    /**
     * The files that a place holds. Their revision is a hash over the known facts of the wanted
     * ones. Earlier versions hashed the files of the root alone; their revisions are still
     * accepted.
     *
     * @throws SourceException if the request names another revision
     */
    public static Listing listing(
            RepositoryRef ref, List<Listing.Listed> files, Predicate<String> wanted)
            throws SourceException {
        List<Listing.Listed> root = files.stream().filter(f -> f.name().indexOf('/') < 0).toList();
        Listing former = listing(root.stream().filter(f -> wanted.test(f.name())), files);
        return former.commit().equals(ref.revision())
                ? former
                : check(ref, listing(files.stream().filter(f -> wanted.test(f.name())), files));
    }

    private static Listing listing(Stream<Listing.Listed> identity, List<Listing.Listed> files) {
        String lines =
                identity.map(f -> f.name() + "\0" + f.size() + "\0" + f.etag() + "\n")
                        .sorted()
                        .collect(Collectors.joining());
        return new Listing(of(ContentHash.sha256(lines)), files);
    }

    /**
     * Refuses any content but the requested one.
     *
     * @throws SourceException if the source now has other content
     */
    private static Listing check(RepositoryRef ref, Listing found) throws SourceException {
        check(ref, found.commit());
        return found;
    }

    public static void check(RepositoryRef ref, String found) throws SourceException {
        if (ref.revision() != null && !found.equals(ref.revision())) {
            throw new SourceException(
                    SourceFault.NOT_FOUND, ref + ": what lies there now is " + found);
        }
    }
}
