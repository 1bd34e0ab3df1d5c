package dev.weft.inference.server.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DraftVocabularyTest {
    private static final Path BASE = Path.of("..", "..", "samples", "weft-tiny", "base");

    @TempDir private Path folder;

    @Test
    void takesTheSameTokens() {
        assertThatCode(() -> DraftVocabulary.require(BASE, BASE)).doesNotThrowAnyException();
    }

    @Test
    void refusesOtherTokensByName() throws IOException {
        JsonNode tokenizer = JsonMapper.shared().readTree(BASE.resolve("tokenizer.json").toFile());
        ObjectNode vocabulary = (ObjectNode) tokenizer.get("model").get("vocab");
        List<String> names = List.copyOf(vocabulary.propertyNames());
        String one = names.get(40);
        String other = names.get(41);
        JsonNode id = vocabulary.get(one);
        vocabulary.set(one, vocabulary.get(other));
        vocabulary.set(other, id);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        assertThatIllegalStateException()
                .isThrownBy(() -> DraftVocabulary.require(BASE, folder))
                .withMessageContaining("weft.inference.draft-model")
                .withMessageContaining("token " + id.asInt() + " is '");
    }
}
