package dev.weft.source.fetch;

/** Why a repository could not be brought here. */
public enum SourceFault {
    /** The repository, the revision or a folder does not exist. */
    NOT_FOUND(false),
    /** A token is needed, or the one sent does not give access. */
    UNAUTHORIZED(false),
    /** The source does not answer, or only with failures. Later it may. */
    UNREACHABLE(true),
    /** A deadline passed, or nothing arrived for too long. Later it may work. */
    TIMEOUT(true),
    /** The bytes that arrived are not the announced ones, also after trying again. */
    CORRUPT(false),
    /** A name, a size or an address is refused. */
    NOT_ALLOWED(false),
    /** A file of this machine could not be written or read. */
    STORAGE(false),
    /** The fetching thread was interrupted. */
    INTERRUPTED(true);

    private final boolean retriable;

    SourceFault(boolean retriable) {
        this.retriable = retriable;
    }

    /** True if the same fetch may succeed later without anyone changing anything. */
    public boolean retriable() {
        return retriable;
    }
}
