package dev.weft.protocol.repository;

import org.jspecify.annotations.Nullable;

/**
 * A repository of files.
 *
 * @param repo {@code owner/name} for HF, a folder for FILE, an address for the others
 * @param revision branch, tag or commit for HF; null if none was asked for
 */
public record RepositoryRef(RepositorySource source, String repo, @Nullable String revision) {
    public RepositoryRef {
        if (repo.isBlank()) {
            throw new IllegalArgumentException("repo is empty");
        }
    }

    /** The text for people. It leaves out the query of an address, which may hold a signature. */
    @Override
    public String toString() {
        int query = source == RepositorySource.REMOTE_URL ? repo.indexOf('?') : -1;
        String address = query < 0 ? repo : repo.substring(0, query) + "?...";
        return source + ":" + address + (revision == null ? "" : "@" + revision);
    }
}
