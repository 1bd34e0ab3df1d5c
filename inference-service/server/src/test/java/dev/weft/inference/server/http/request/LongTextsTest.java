package dev.weft.inference.server.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.WorkerClient;
import dev.weft.inference.server.text.TestTokenizers;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts of {@code /detokenize}, whose tokens may be far shorter in a body than as text. */
class LongTextsTest {
    private static final String TEXT = "<|" + "=".repeat(60) + "|>";

    private static final int MOST = 32 * 1024 * 1024 / TEXT.length();

    @Test
    void aTextIsNoLongerThanABodyMayBe(@TempDir Path data) throws Exception {
        Path usual = TestTokenizers.byteLevel(data.resolve("usual"));
        String tokenizer = Files.readString(usual.resolve("tokenizer.json"));
        try (TestWorker worker =
                TestWorker.startWith(
                        data,
                        _ -> TestWorker.bytes("x"),
                        URI.create("http://127.0.0.1:1"),
                        Map.of("tokenizer.json", tokenizer.replace("<|endoftext|>", TEXT)))) {
            WorkerClient client = new WorkerClient(worker);
            HttpResponse<String> refused = ask(client, MOST + 1);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("Invalid value for 'tokens'")
                    .contains("33554432 bytes of text; these have 33554496");
            assertThat(refused.body().length()).isLessThan(1000);

            HttpResponse<String> answer = ask(client, 1000);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"prompt\":\"" + TEXT.repeat(1000) + "\"}");
            client.stop();
        }
    }

    private static HttpResponse<String> ask(WorkerClient client, int count) throws Exception {
        String tokens = (TestTokenizers.END_OF_TEXT + ",").repeat(count);
        return client.send(
                client.post(
                        "/detokenize",
                        "{\"tokens\":[" + tokens.substring(0, tokens.length() - 1) + "]}"));
    }
}
