package dev.weft.inference.server.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.inference.server.completion.GenerationDefaults;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import dev.weft.inference.server.http.request.rule.ConstraintReader;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.error.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A request body is read, or refused with a status of the client. */
class RequestFuzzTest {
    private static final Tokenizer TOKENIZER = tokenizer();
    private static final SettingsReader SETTINGS =
            new SettingsReader(GenerationDefaults.OPENAI, 1000, new BadWords(TOKENIZER), () -> 1L);

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.open(Path.of("../../samples/weft-tiny/base"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void readsOrRefuses(byte[] body) {
        JsonFields fields;
        try {
            fields = JsonFields.parse(body);
        } catch (ApiException e) {
            refused(e);
            return;
        }
        List<Consumer<JsonFields>> readers =
                List.of(
                        ConversationReader::read,
                        f -> SETTINGS.read(f, List.of(2), 0),
                        UnservedFields::refuseInChat,
                        f -> new ConstraintReader(true, null).read(f));
        for (Consumer<JsonFields> reader : readers) {
            try {
                reader.accept(fields);
            } catch (ApiException e) {
                refused(e);
            }
        }
    }

    private static void refused(ApiException e) {
        assertThat(e.code().status()).isBetween(400, 499);
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2_000);
    }
}
