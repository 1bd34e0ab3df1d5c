package dev.weft.source.download;

import org.jspecify.annotations.Nullable;

/**
 * A source's description of a file.
 *
 * @param etag without quotes, empty if it is not known; the same one at the same place means the
 *     same bytes
 * @param size in bytes, -1 if it is not known
 * @param hash the hash that the bytes must have; null if the source does not say
 */
public record RemoteFile(String etag, long size, @Nullable ContentHash hash) {
    public static final RemoteFile UNKNOWN = new RemoteFile("", -1, null);

    /** Joins the facts known here with those of another answer. */
    public RemoteFile or(RemoteFile later) {
        return new RemoteFile(
                etag.isEmpty() ? later.etag : etag,
                size < 0 ? later.size : size,
                hash == null ? later.hash : hash);
    }
}
