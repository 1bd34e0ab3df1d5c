package dev.weft.source.fetch;

/** Why a repository could not be brought here. */
public enum SourceFault {
    /** The repository, the revision or a folder does not exist. */
    NOT_FOUND,
    /** A token is needed, or the one sent does not give access. */
    UNAUTHORIZED,
    /** The source does not answer, or only with failures. Later it may. */
    UNREACHABLE,
    /** A deadline passed, or nothing arrived for too long. Later it may work. */
    TIMEOUT,
    /** The bytes that arrived are not the announced ones, also after trying again. */
    CORRUPT,
    /** A name, a size or an address is refused. */
    NOT_ALLOWED,
    /** A folder that is the repository itself could not be read. */
    UNREADABLE,
    /**
     * This machine's copy could not be written or read, e.g. because the disk is full. It is not
     * the repository's fault.
     */
    STORAGE,
    /** The fetching thread was interrupted. */
    INTERRUPTED
}
