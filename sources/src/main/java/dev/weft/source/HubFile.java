package dev.weft.source;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a hub says of a file. For large files (LFS) the hub answers with a redirect that has {@code
 * X-Linked-Etag}, the SHA-256, and {@code X-Linked-Size}; for others {@code ETag} is the hash that
 * git has for the content. Headers of the storage that the redirect leads to say nothing about
 * either, except for the size.
 *
 * @param etag without quotes, empty where it is not known
 * @param size in bytes, -1 where it is not known
 */
record HubFile(String etag, long size) {
    static final HubFile UNKNOWN = new HubFile("", -1);

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");

    /** Reads what an answer says of the file, a redirect or the file itself. */
    static HubFile of(HttpHeaders headers) {
        String linked = headers.firstValue("x-linked-etag").orElse("");
        String etag = linked.isEmpty() ? headers.firstValue("etag").orElse("") : linked;
        long size = headers.firstValue("x-linked-size").map(HubFile::number).orElse(-1L);
        return new HubFile(bare(etag), size);
    }

    /** Reads the whole file's size from the answer that brings its bytes. */
    static HubFile ofBody(HttpResponse<?> response) {
        HttpHeaders headers = response.headers();
        if (response.statusCode() == 200) {
            return new HubFile(
                    "", headers.firstValue("content-length").map(HubFile::number).orElse(-1L));
        }
        Matcher range = range(response);
        return new HubFile("", range.matches() ? number(range.group(2)) : -1L);
    }

    /** First byte of a partial answer, -1 where it does not say. */
    static long rangeStart(HttpResponse<?> response) {
        Matcher range = range(response);
        return range.matches() && range.group(1) != null ? number(range.group(1)) : -1L;
    }

    private static Matcher range(HttpResponse<?> response) {
        String header = response.headers().firstValue("content-range").orElse("");
        return CONTENT_RANGE.matcher(header);
    }

    /** What is known here, and what another answer adds. */
    HubFile or(HubFile later) {
        return new HubFile(etag.isEmpty() ? later.etag : etag, size < 0 ? later.size : size);
    }

    private static String bare(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "").strip();
    }

    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1L;
    }
}
