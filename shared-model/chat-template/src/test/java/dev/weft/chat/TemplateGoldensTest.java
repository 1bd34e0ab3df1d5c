package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** Tests templates in the manner of model families, each with all conversations. */
class TemplateGoldensTest {
    @ParameterizedTest
    @FieldSource("dev.weft.chat.Goldens#FAMILIES")
    void rendersEveryConversationAsJinja2Does(String name) throws IOException {
        JsonNode golden = Goldens.read("template-" + name + ".json");
        String source = golden.get("source").stringValue();
        List<String> differences = new ArrayList<>();
        int rendered = 0;
        for (JsonNode conversation : Goldens.read("conversations.json")) {
            String title = conversation.get("name").stringValue();
            JsonNode result = golden.get("results").get(title);
            rendered += result.has("output") ? 1 : 0;
            differences.addAll(
                    Goldens.difference(
                            title,
                            Goldens.expected(result),
                            Goldens.outcome(
                                    source, Goldens.variables(conversation.get("variables")))));
        }

        assertThat(differences).isEmpty();
        assertThat(rendered).as("conversations it renders").isGreaterThan(3);
    }
}
