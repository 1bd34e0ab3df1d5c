package dev.weft.source.object;

import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.secret.Credentials;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Adobe's S3Mock, from its jar on the class path of the tests. It takes any credentials. */
public final class S3Mock implements StoreServer {
    private static final String SECRET = "s3-hush-4711";
    private final ObjectStoreProcess process;

    public S3Mock() throws IOException {
        String jar =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(path -> path.matches(".*s3mock-[^/]*-exec\\.jar"))
                        .findFirst()
                        .orElseThrow();
        String java = ProcessHandle.current().info().command().orElse("java");
        process =
                ObjectStoreProcess.start(
                        List.of(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-jar",
                                jar,
                                "--server.port=0",
                                "--http.port=0",
                                "--com.adobe.testing.s3mock.store.initial-buckets=models"),
                        Pattern.compile("Tomcat started on ports .*?(\\d+) \\(http\\)"));
    }

    @Override
    public RepositorySource source() {
        return RepositorySource.S3;
    }

    @Override
    public String bucket() {
        return "models";
    }

    @Override
    public StoreEndpoints endpoints() {
        return StoreServer.s3(URI.create("http://127.0.0.1:" + process.port()));
    }

    @Override
    public Credentials credentials() {
        return StoreServer.credentials("s3", "key-id:" + SECRET);
    }

    @Override
    public Credentials wrongCredentials() {
        return StoreServer.credentials("s3", "no-colon-" + SECRET);
    }

    @Override
    public String secret() {
        return SECRET;
    }

    @Override
    public void close() {
        process.close();
    }
}
