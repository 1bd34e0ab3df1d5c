package dev.weft.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A head asks for one place and means the same to the server, or is refused. */
class ProxyRequestFuzzTest {
    @FuzzTest
    void readsOneRequestOrRefuses(byte[] bytes) {
        try {
            ProxyRequest request = ProxyRequest.read(new ByteArrayInputStream(bytes));
            request.length();
            request.authorization();
            HttpHead sent = HttpHead.read(new ByteArrayInputStream(request.forServer()));

            assertThat(request.host()).isNotBlank();
            assertThat(request.port()).isBetween(0, 65_535);
            assertThat(sent.line()).endsWith(" HTTP/1.1");
            assertThat(sent.fields().size())
                    .isLessThanOrEqualTo(request.head().fields().size() + 1);
            assertThat(sent.fields())
                    .allMatch(field -> field.chars().noneMatch(c -> c == '\n' || c == '\r'));
        } catch (IOException e) {
            // its connection is closed
        }
    }
}
