package dev.weft.source.fetch;

import dev.weft.protocol.repository.RepositoryRef;

/** Thrown if a file is not the one that was listed any more. Listing anew may help. */
public final class ReplacedException extends SourceException {
    public ReplacedException(RepositoryRef ref, String name) {
        super(
                SourceFault.UNREACHABLE,
                ref + ": " + name + " was replaced after it was listed; try again later");
    }
}
