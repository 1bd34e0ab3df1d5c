package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JinjaGoldensTest {
    @Test
    void rendersEverySnippetAsJinja2Does() throws IOException {
        JsonNode goldens = Goldens.read("snippets.json");
        Map<String, Object> variables = Goldens.variables(goldens.get("variables"));
        List<String> differences = new ArrayList<>();
        for (JsonNode golden : goldens.get("cases")) {
            String source = golden.get("source").stringValue();
            String found;
            try {
                found = Goldens.outcome(source, variables);
            } catch (RuntimeException | StackOverflowError e) {
                found = "threw " + e;
            }
            differences.addAll(Goldens.difference(source, Goldens.expected(golden), found));
        }

        assertThat(goldens.get("cases").size()).isGreaterThan(1000);
        assertThat(differences).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotSupportWhenTheTemplateIsRead() throws IOException {
        for (JsonNode source : Goldens.read("snippets.json").get("refused")) {
            assertThatThrownBy(() -> ChatTemplate.compile(source.stringValue()))
                    .isInstanceOf(ChatTemplateException.class)
                    .hasMessageContaining("line 1");
        }
    }

    @Test
    void refusesWhatJinja2DoesNotCompileWhenTheTemplateIsRead() throws IOException {
        int refused = 0;
        for (JsonNode golden : Goldens.read("snippets.json").get("cases")) {
            if (golden.path("error").asString("").equals("TemplateAssertionError")) {
                String source = golden.get("source").stringValue();
                assertThatThrownBy(() -> ChatTemplate.compile(source))
                        .as(source)
                        .isInstanceOf(ChatTemplateException.class);
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(20);
    }
}
