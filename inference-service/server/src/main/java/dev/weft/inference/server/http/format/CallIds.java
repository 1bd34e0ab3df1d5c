package dev.weft.inference.server.http.format;

/**
 * Ids of calls.
 *
 * @param length characters of an id, letters and digits, for templates that take no others; 0 for
 *     ids as each interface has them
 */
public record CallIds(int length) {
    /** An id, with an interface's prefix if the template takes one. */
    String next(String prefix) {
        return length == 0 ? ItemIds.next(prefix) : ItemIds.next("").substring(0, length);
    }
}
