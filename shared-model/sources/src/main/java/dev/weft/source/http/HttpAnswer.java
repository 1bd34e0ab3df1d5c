package dev.weft.source.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer with its body still to be read; close it, which ends the request. One thread.
 *
 * @param headers by lower-case name, the first of each
 */
public record HttpAnswer(
        URI uri, int status, Map<String, String> headers, InputStream body, AutoCloseable request)
        implements AutoCloseable {
    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public void close() throws IOException {
        try {
            request.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the request to " + uri + " could not be closed", e);
        }
    }
}
