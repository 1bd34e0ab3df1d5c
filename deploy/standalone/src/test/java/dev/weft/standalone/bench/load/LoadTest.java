package dev.weft.standalone.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LoadTest {
    private static final BodyFields FIELDS =
            new BodyFields(Api.COMPLETIONS, 0, List.of("ignore_eos"), true, Map.of("top_k", "20"));

    private static Load load(Prompts prompts, BodyFields fields, long seed) {
        return new Load(
                new Load.Models(List.of("a \"quoted\" name", "b"), new Popularity.Rotate()),
                prompts,
                new Load.Lengths(Span.parse("5..9"), Span.parse("8")),
                fields,
                seed);
    }

    private static JsonNode body(Load load, long number) {
        return JsonMapper.shared().readTree(load.request(number, 0).body());
    }

    @Test
    void aBodySaysAllThatWasAskedFor() {
        JsonNode body = body(load(new Prompts.TokenIds(10, 500, 0, 1), FIELDS, 1), 0);
        assertThat(body.path("model").asString()).isEqualTo("a \"quoted\" name");
        assertThat(body.path("max_tokens").asInt()).isEqualTo(8);
        assertThat(body.path("ignore_eos").asBoolean()).isTrue();
        assertThat(body.has("min_tokens")).isFalse();
        assertThat(body.path("top_k").asInt()).isEqualTo(20);
        assertThat(body.path("stream").asBoolean()).isTrue();
        assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
        assertThat(body.has("seed")).isFalse();
    }

    @Test
    void whatAServerRefusedIsLeftOut() {
        var both =
                new BodyFields(Api.CHAT, 0.5, List.of("ignore_eos", "min_tokens"), true, Map.of());
        var words = new Prompts.Words(0, 1, 0, 1);
        JsonNode whole = body(load(words, both, 1), 0);
        assertThat(whole.path("min_tokens").asInt()).isEqualTo(8);
        assertThat(whole.has("seed")).isTrue();
        JsonNode less = body(load(words, both.without(true, true), 1), 0);
        assertThat(less.propertyNames())
                .containsExactly(
                        "model", "messages", "stream", "max_tokens", "temperature", "seed");
        assertThat(less.at("/messages/0/role").asString()).isEqualTo("user");
    }

    @Test
    void promptsOfIdsAreAsLongAsTheyShouldBeAndAllOfTheirRange() {
        Load load = load(new Prompts.TokenIds(10, 14, 0, 1), FIELDS, 3);
        Set<Integer> lengths = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            JsonNode prompt = body(load, i).path("prompt");
            lengths.add(prompt.size());
            prompt.forEach(id -> ids.add(id.asInt()));
        }
        assertThat(lengths).containsExactlyInAnyOrder(5, 6, 7, 8, 9);
        assertThat(ids).containsExactlyInAnyOrder(10, 11, 12, 13);
    }

    @Test
    void noPromptComesTwiceButASharedPrefixDoes() {
        Load load = load(new Prompts.TokenIds(10, 50_000, 3, 1), FIELDS, 3);
        Set<String> whole = new HashSet<>();
        Set<String> begins = new HashSet<>();
        Set<Integer> fourth = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            JsonNode prompt = body(load, i).path("prompt");
            whole.add(prompt.toString());
            begins.add(prompt.path(0) + "," + prompt.path(1) + "," + prompt.path(2));
            fourth.add(prompt.path(3).asInt());
        }
        assertThat(whole).hasSize(500);
        assertThat(begins).hasSize(1);
        assertThat(fourth).hasSizeGreaterThan(450);
    }

    @Test
    void theSameSeedSendsTheSameAndAnotherSeedAnother() {
        var ids = new Prompts.TokenIds(10, 50_000, 0, 1);
        for (int i = 0; i < 20; i++) {
            String body = load(ids, FIELDS, 3).request(i, 0).body();
            assertThat(load(ids, FIELDS, 3).request(i, 9).body()).isEqualTo(body);
            assertThat(load(ids, FIELDS, 4).request(i, 0).body()).isNotEqualTo(body);
        }
    }

    @Test
    void wordsMakeUpForWhatATemplateAdds() {
        var words = new Prompts.Words(10, 2, 0, 1);
        assertThat(count(words, 50)).isEqualTo(20);
        assertThat(count(words, 5)).isEqualTo(1);
    }

    @Test
    void wordsShareAPrefixToo() {
        Load load = load(new Prompts.Words(0, 1, 4, 1), FIELDS, 3);
        Set<String> begins = new HashSet<>();
        Set<String> whole = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String prompt = body(load, i).path("prompt").asString();
            begins.add(String.join(" ", List.of(prompt.split(" ")).subList(0, 4)));
            whole.add(prompt);
        }
        assertThat(begins).hasSize(1);
        assertThat(whole).hasSizeGreaterThan(90);
    }

    private static int count(Prompts prompts, int tokens) {
        String json = prompts.json(tokens, new SplittableRandom(1));
        return JsonMapper.shared().readTree(json).asString().split(" ").length;
    }
}
