package dev.weft.inference.server.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages are kept, and nobody's words are to be in them. */
class JsonFieldsWordsTest {
    @ParameterizedTest
    @ValueSource(strings = {"messages", "documents", "input", "suffix", "system", "instructions"})
    void noMessageTellsWhatPeopleWrote(String name) {
        for (String value : new String[] {"\"secret\"", "[\"secret\"]", "{\"a\":\"secret\"}"}) {
            JsonFields fields =
                    JsonFields.parse("{\"%s\":%s}".formatted(name, value).getBytes(UTF_8));
            assertThat(fields.unsupported(name, "none").getMessage())
                    .contains(name)
                    .doesNotContain("secret");
            assertThat(fields.invalid(name, fields.required(name, "any"), "none").getMessage())
                    .contains(name)
                    .doesNotContain("secret");
        }
    }
}
