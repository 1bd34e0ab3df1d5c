package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.Repositories;
import dev.weft.source.SourceOptions;
import dev.weft.source.TestSourceOptions;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.http.AddressRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server of S3's protocol that breaks the bytes it sends, which no real one does on request. */
@Timeout(60)
class S3EtagTest {
    private static final String NAME = "adapter_model.safetensors";

    @TempDir Path folder;
    private final byte[] content = "the weights of an adapter".getBytes(StandardCharsets.UTF_8);
    private final AtomicInteger reads = new AtomicInteger();
    private HttpServer server;
    private String etag = "";

    /** How many reads get a wrong first byte: none, the first ones, or all. */
    private int broken;

    /** The wrong byte differs each time. */
    private boolean changing;

    @BeforeEach
    void start() throws Exception {
        etag = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fetchesAgainWhatIsNotTheMd5OfItsEtag() throws Exception {
        broken = 1;
        fetch();
        assertThat(folder.resolve(NAME)).hasBinaryContent(content);
        assertThat(reads).hasValue(2);
    }

    @Test
    void refusesWhatIsBrokenAnewEachTime() {
        broken = Integer.MAX_VALUE;
        changing = true;
        SourceException e = catchThrowableOfType(SourceException.class, this::fetch);
        assertThat(e).hasMessageContaining(etag);
        assertThat(folder.resolve(NAME)).doesNotExist();
        assertThat(reads).hasValue(2);
    }

    @Test
    void takesAnEtagThatOnlyLooksLikeAnMd5OnceTheSameBytesCameTwice() throws Exception {
        etag = "0".repeat(32);
        fetch();
        assertThat(folder.resolve(NAME)).hasBinaryContent(content);
        assertThat(reads).hasValue(2);
    }

    @Test
    void anEtagOfSeveralPartsSaysNothingOfTheContent() throws Exception {
        etag = "0".repeat(32) + "-2";
        fetch();
        assertThat(folder.resolve(NAME)).hasBinaryContent(content);
        assertThat(reads).hasValue(1);
    }

    private void fetch() throws SourceException {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        SourceOptions settings =
                new SourceOptions(
                        URI.create("https://hub.invalid"),
                        AddressRules.NONE,
                        StoreServer.credentials("s3", "key-id:secret"),
                        StoreServer.s3(endpoint),
                        TestSourceOptions.HTTP,
                        TestSourceOptions.ATTEMPTS);
        new Repositories(settings, Clock.systemUTC())
                .fetch(
                        new RepositoryRef(RepositorySource.S3, "s3://models/sql", null),
                        FileSelection.ADAPTER,
                        folder,
                        FetchListener.NONE);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (exchange.getRequestURI().getPath().endsWith(NAME)) {
            exchange.getResponseHeaders().set("ETag", '"' + etag + '"');
            exchange.getResponseHeaders().set("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT");
            if (method.equals("HEAD")) {
                exchange.getResponseHeaders()
                        .set("Content-Length", Integer.toString(content.length));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            } else {
                String range = "bytes 0-" + (content.length - 1) + "/" + content.length;
                exchange.getResponseHeaders().set("Content-Range", range);
                answer(exchange, 206, sent());
            }
        } else {
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            answer(exchange, 200, listing().getBytes(StandardCharsets.UTF_8));
        }
    }

    private byte[] sent() {
        int read = reads.incrementAndGet();
        byte[] sent = content.clone();
        if (read <= broken) {
            sent[0] = (byte) (changing ? read : 1);
        }
        return sent;
    }

    private String listing() {
        return """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>models</Name>
        <Prefix>sql/</Prefix><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys>
        <IsTruncated>false</IsTruncated><Contents><Key>sql/%s</Key>
        <LastModified>2026-11-24T10:00:00.000Z</LastModified><ETag>"%s"</ETag>
        <Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>
        """
                .formatted(NAME, etag, content.length);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
