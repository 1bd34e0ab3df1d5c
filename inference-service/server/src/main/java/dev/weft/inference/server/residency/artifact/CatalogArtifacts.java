package dev.weft.inference.server.residency.artifact;

import dev.weft.access.client.ServiceClient;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.digest.Sha256;
import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads artifacts from a catalog: {@code GET /artifacts/v1/{digest}} lists the files, {@code
 * .../files/{name}} has their bytes. Only the names that an adapter's folder may have are written,
 * and only bytes of the size and SHA-256 listed.
 */
final class CatalogArtifacts implements ArtifactSource, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LIST_LIMIT = Duration.ofSeconds(10);
    private static final Duration FILE_LIMIT = Duration.ofMinutes(10);

    private record Listing(String digest, List<Entry> files) {}

    private record Entry(String name, long size, String sha256) {}

    private final URI catalog;
    private final ServiceClient client;

    /**
     * @param token that the catalog asks for; null for none
     * @param client how it is reached
     */
    CatalogArtifacts(URI catalog, @Nullable String token, HttpClient.Builder client) {
        this.client = new ServiceClient(token, client.connectTimeout(CONNECT_TIMEOUT).build());
        this.catalog = catalog;
    }

    @Override
    public void download(AdapterDigest digest, Path folder)
            throws IOException, InterruptedException {
        String path = "/artifacts/v1/" + digest;
        Listing listing = listing(path);
        if (!digest.toString().equals(listing.digest())) {
            throw new IOException(catalog + path + " describes " + listing.digest());
        }
        for (Entry file : listing.files()) {
            if (!CanonicalAdapter.holds(file.name())) {
                throw new IOException(
                        catalog
                                + path
                                + " lists '"
                                + file.name()
                                + "', which is not a file of an adapter");
            }
            Path target = folder.resolve(file.name());
            get(
                    path + "/files/" + file.name(),
                    HttpResponse.BodyHandlers.ofFile(target),
                    FILE_LIMIT);
            verify(target, file);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private Listing listing(String path) throws IOException, InterruptedException {
        String body = get(path, HttpResponse.BodyHandlers.ofString(), LIST_LIMIT);
        try {
            Listing listing = JsonMapper.shared().readValue(body, Listing.class);
            if (listing.digest() == null || listing.files() == null) {
                throw new IOException(catalog + path + ": digest or files is missing");
            }
            return listing;
        } catch (JacksonException e) {
            throw new IOException(catalog + path + ": " + InvalidJson.words(e), e);
        }
    }

    private <T> T get(String path, HttpResponse.BodyHandler<T> handler, Duration limit)
            throws IOException, InterruptedException {
        URI address = catalog.resolve(path);
        HttpResponse<T> response;
        try {
            response = client.exchange(client.request(address), handler, limit);
        } catch (IOException e) {
            throw new IOException(address + ": " + e, e);
        }
        if (response.statusCode() != 200) {
            throw new IOException(address + " answers " + response.statusCode() + ", not 200");
        }
        return response.body();
    }

    private static void verify(Path file, Entry expected) throws IOException {
        long size = Files.size(file);
        if (size != expected.size()) {
            throw new IOException(
                    expected.name() + " has " + size + " bytes, listed are " + expected.size());
        }
        MessageDigest sha256 = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        String found = HexFormat.of().formatHex(sha256.digest());
        if (!found.equals(expected.sha256())) {
            throw new IOException(
                    expected.name() + " has SHA-256 " + found + ", listed is " + expected.sha256());
        }
    }
}
