package dev.weft.source.request;

import dev.weft.source.download.ContentHash;
import dev.weft.source.download.RemoteFile;
import dev.weft.source.http.HttpAnswer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the facts about a file from the headers of answers. For large files (LFS) a hub answers
 * with a redirect that has {@code X-Linked-Etag}, the SHA-256, and {@code X-Linked-Size}; for
 * others {@code ETag} is git's hash of the content. Headers of the storage that the redirect leads
 * to say nothing about either, except for the size.
 */
public final class FileHeaders {
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");

    private FileHeaders() {}

    /** Reads the facts of a hub's answer, a redirect or the file itself. */
    public static RemoteFile ofHub(HttpAnswer answer) {
        String linked = answer.header("x-linked-etag").orElse("");
        String etag = bare(linked.isEmpty() ? answer.header("etag").orElse("") : linked);
        long size = answer.header("x-linked-size").map(FileHeaders::number).orElse(-1L);
        return new RemoteFile(etag, size, ContentHash.ofHubEtag(etag).orElse(null));
    }

    /** The whole file's size, from the answer that brings its bytes. */
    public static long size(HttpAnswer answer) {
        if (answer.status() == 200) {
            return answer.header("content-length").map(FileHeaders::number).orElse(-1L);
        }
        Matcher range = range(answer);
        return range.matches() ? number(range.group(2)) : -1L;
    }

    /** First byte of a partial answer; -1 if it does not say. */
    static long rangeStart(HttpAnswer answer) {
        Matcher range = range(answer);
        return range.matches() && range.group(1) != null ? number(range.group(1)) : -1L;
    }

    private static Matcher range(HttpAnswer answer) {
        return CONTENT_RANGE.matcher(answer.header("content-range").orElse(""));
    }

    /** The ETag without quotes and the mark of a weak one. */
    static String bare(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "").strip();
    }

    static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1L;
    }
}
