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

    /**
     * The text for logs and traces. It leaves out the query of an address, which may hold a
     * signature.
     */
    public String shown() {
        String text = toString();
        int query = source == RepositorySource.REMOTE_URL ? text.indexOf('?') : -1;
        return query < 0 ? text : text.substring(0, query) + "?...";
    }

    @Override
    public String toString() {
        return source + ":" + repo + (revision == null ? "" : "@" + revision);
    }
}
