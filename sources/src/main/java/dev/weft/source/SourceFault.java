package dev.weft.source;

/** Why a repository could not be brought here. */
public enum SourceFault {
    /** The repository, the revision or a folder is not there. */
    NOT_FOUND,
    /** A token is needed, or the one that was sent does not give access. */
    UNAUTHORIZED,
    /** The hub does not answer, or answers with failures only. Later it may. */
    UNREACHABLE,
    /** A deadline passed, or nothing arrived for too long. Later it may work. */
    TIMEOUT,
    /** What arrived is not what was announced, also after trying again. */
    CORRUPT,
    /** This kind of source is not served. */
    UNSUPPORTED_SOURCE,
    /** A name, a size or an address that is refused. */
    NOT_ALLOWED,
    /** A file of this machine could not be written or read. */
    STORAGE,
    /** The fetching thread was interrupted. */
    INTERRUPTED
}
