package dev.weft.source.request;

import dev.weft.source.download.ContentHash;
import dev.weft.source.download.ContentHash.Algorithm;
import dev.weft.source.download.PartFile;
import dev.weft.source.download.RemoteFile;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.http.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files at plain HTTP addresses, with the ranges of RFC 9110 and the hashes of RFC 9530. */
public final class UrlFiles {
    private static final Pattern DIGEST =
            Pattern.compile(
                    "(?:^|[,\\s])sha-256=:?([A-Za-z0-9+/=]{44}):?", Pattern.CASE_INSENSITIVE);

    private UrlFiles() {}

    /** Asks for a file from a byte on; the server decides by the ETag whether it continues. */
    public static HttpBody open(Requests requests, URI uri, long from, PartFile part)
            throws IOException, SourceException {
        Map<String, String> range =
                from > 0
                        ? Map.of("Range", "bytes=" + from + "-", "If-Range", part.quotedTag())
                        : Map.of();
        HttpAnswer answer = requests.get(uri, range, _ -> {});
        return new HttpBody(of(answer), answer);
    }

    /** A weak ETag does not promise the same bytes, so it can't continue a part. */
    static RemoteFile of(HttpAnswer answer) {
        String etag = answer.header("etag").orElse("");
        return new RemoteFile(
                etag.startsWith("W/") ? "" : FileHeaders.bare(etag),
                FileHeaders.size(answer),
                hash(answer));
    }

    private static @Nullable ContentHash hash(HttpAnswer answer) {
        Optional<String> sha256 =
                answer.header("repr-digest")
                        .or(() -> answer.header("digest"))
                        .flatMap(UrlFiles::sha256);
        Optional<String> hex = answer.header("x-checksum-sha256");
        return sha256.flatMap(text -> ContentHash.ofBase64(Algorithm.SHA256, text))
                .or(() -> hex.filter(h -> h.matches("[0-9a-fA-F]{64}")).map(ContentHash::ofSha256))
                .orElse(null);
    }

    private static Optional<String> sha256(String header) {
        Matcher matcher = DIGEST.matcher(header);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
