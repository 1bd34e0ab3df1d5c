package dev.weft.source.object;

import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.secret.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Microsoft's Azurite, from npm; {@code ./weft test} installs it if npm is there. */
public final class Azurite implements StoreServer {
    /** The folder that src/test/setup installs it into. */
    private static final Path MAIN =
            Path.of("..", "..", "src", "test", "target", "npm", "node_modules", "azurite")
                    .resolve("dist/src/blob/main.js");

    private static final String ACCOUNT = "devstoreaccount1";

    /** The account's key, which Azurite's documentation publishes. */
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private final ObjectStoreProcess process;

    public Azurite() throws IOException {
        process =
                ObjectStoreProcess.start(
                        List.of(
                                "node",
                                MAIN.toString(),
                                "--inMemoryPersistence",
                                "--blobHost",
                                "127.0.0.1",
                                "--blobPort",
                                "0",
                                "--skipApiVersionCheck",
                                "--disableTelemetry"),
                        Pattern.compile("successfully listens on http://127\\.0\\.0\\.1:(\\d+)"));
        createContainer();
    }

    public static boolean isInstalled() {
        return Files.isRegularFile(MAIN);
    }

    /** OpenDAL has no call for it. */
    private void createContainer() throws IOException {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.of(2026, 11, 24, 0, 0, 0, 0, ZoneOffset.UTC));
        String toSign =
                "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:"
                        + date
                        + "\nx-ms-version:2021-08-06\n/"
                        + ACCOUNT
                        + "/"
                        + ACCOUNT
                        + "/models\nrestype:container";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(endpoint() + "/models?restype=container"))
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .header("x-ms-date", date)
                        .header("x-ms-version", "2021-08-06")
                        .header("Authorization", "SharedKey " + ACCOUNT + ":" + signature(toSign))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String signature(String text) throws IOException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            byte[] signed = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String endpoint() {
        return "http://127.0.0.1:" + process.port() + "/" + ACCOUNT;
    }

    @Override
    public RepositorySource source() {
        return RepositorySource.AZURE;
    }

    @Override
    public String bucket() {
        return "models";
    }

    @Override
    public StoreEndpoints endpoints() {
        return new StoreEndpoints(null, null, null, URI.create(endpoint()), ACCOUNT);
    }

    @Override
    public Credentials credentials() {
        return StoreServer.credentials("azure", KEY);
    }

    @Override
    public Credentials wrongCredentials() {
        return StoreServer.credentials("azure", KEY.replace("Eby8", "AAAA"));
    }

    @Override
    public String secret() {
        return KEY.substring(4);
    }

    @Override
    public void close() {
        process.close();
    }
}
