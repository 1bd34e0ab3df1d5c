package dev.weft.source.download;

import org.jspecify.annotations.Nullable;

/**
 * What a source says of a file.
 *
 * @param etag without quotes, empty where it is not known; the same one at the same place means the
 *     same bytes
 * @param size in bytes, -1 where it is not known
 * @param hash what the bytes must hash to; null where the source does not say
 */
public record RemoteFile(String etag, long size, @Nullable ContentHash hash) {
    public static final RemoteFile UNKNOWN = new RemoteFile("", -1, null);

    /** What is known here, and what another answer adds. */
    public RemoteFile or(RemoteFile later) {
        return new RemoteFile(
                etag.isEmpty() ? later.etag : etag,
                size < 0 ? later.size : size,
                hash == null ? later.hash : hash);
    }
}
