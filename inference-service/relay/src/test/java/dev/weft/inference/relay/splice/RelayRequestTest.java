package dev.weft.inference.relay.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.relay.host.RelayTarget;
import dev.weft.protocol.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayRequestTest {
    private static final RelayTarget TARGET = new RelayTarget("weft1-ab", Map.of());

    private static RelayRequest read(String body) {
        return RelayRequest.read(body.getBytes(StandardCharsets.UTF_8), Set.of("echo"), true);
    }

    private static String sent(String body, RelayTarget target, boolean usage) {
        return new String(read(body).to(target, usage, null), StandardCharsets.UTF_8);
    }

    @Test
    void onlyTheModelsBytesChange() {
        String body =
                """
                { "x" : 1.50 ,
                "model"\t:  "%s" , "y":[ 1, {"model":"sql"}]\r
                }\
                """;
        assertThat(read(body.formatted("s\\u0071l")).model()).isEqualTo("sql");
        assertThat(sent(body.formatted("s\\u0071l"), TARGET, true))
                .isEqualTo(body.formatted("weft1-ab"));
    }

    /** Servers take the last of two members, so that a null would undo what the relay sets. */
    @Test
    void aNullInTheRelaysOwnFieldIsReplaced() {
        RelayTarget target = new RelayTarget("m", Map.of("lora_request", Map.of("n", 1)));
        assertThat(sent("{\"model\":\"sql\",\"lora_request\":null}", target, false))
                .isEqualTo("{\"model\":\"m\",\"lora_request\":{\"n\":1}}");
        assertThat(sent("{\"priority\":null,\"model\":\"sql\"}", TARGET, false))
                .isEqualTo("{\"priority\":null,\"model\":\"weft1-ab\"}");
    }

    @Test
    void aTemplateAmongItsVariablesIsRefusedAndOthersPass() {
        String body = "{\"model\":\"m\",\"chat_template_kwargs\":{\"%s\":\"x\"}}";
        assertThatThrownBy(() -> read(body.formatted("chat_templ\\u0061te")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("chat_template_kwargs.chat_template");
        assertThat(read(body.formatted("enable_thinking")).chats()).isFalse();
    }

    @Test
    void aNameWithEscapesIsTheModelToo() {
        assertThat(sent("{\"mod\\u0065l\":\"ü\"}", TARGET, false))
                .isEqualTo("{\"mod\\u0065l\":\"weft1-ab\"}");
    }

    @Test
    void otherTextsKeepTheirBytes() {
        String body = "{\"messages\":[{\"content\":\"äöü😀 \\ud83d\\ude00\"}],\"model\":\"äöü😀\"}";
        assertThat(read(body).model()).isEqualTo("äöü😀");
        assertThat(sent(body, TARGET, false))
                .isEqualTo(
                        "{\"messages\":[{\"content\":\"äöü😀"
                                + " \\ud83d\\ude00\"}],\"model\":\"weft1-ab\"}");
    }

    @Test
    void aStreamIsAskedForItsTokens() {
        assertThat(sent("{\"model\":\"m\",\"stream\":true}", TARGET, true))
                .isEqualTo(
                        "{\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true},"
                            + "\"model\":\"weft1-ab\",\"stream\":true}");
    }

    @Test
    void itsOwnOptionsStay() {
        String body =
                "{\"stream_options\":{\"other\":1,\"include_usage\":true},\"model\":\"m\",\"stream\":true}";
        assertThat(read(body).wantsUsage()).isTrue();
        assertThat(read(body).wantsUsageInEachEvent()).isFalse();
        assertThat(sent(body, TARGET, true))
                .isEqualTo(
                        "{\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true,"
                            + "\"other\":1},\"model\":\"weft1-ab\",\"stream\":true}");
    }

    @Test
    void fieldsAreAddedInFront() {
        RelayTarget target = new RelayTarget("base", Map.of("lora_request", Map.of("id", 1)));
        assertThat(sent("{\"model\":\"m\"}", target, false))
                .isEqualTo("{\"lora_request\":{\"id\":1},\"model\":\"base\"}");
    }

    @Test
    void aSaltTakesThePlaceOfTheClients() {
        assertThat(salted("{\"model\":\"m\"}", "s"))
                .isEqualTo("{\"cache_salt\":\"s\",\"model\":\"weft1-ab\"}");
        String own = "{\"model\":\"m\",\"cache_salt\":\"mi\\u006ee\"}";
        assertThat(salted(own, "s")).isEqualTo("{\"model\":\"weft1-ab\",\"cache_salt\":\"s\"}");
        assertThat(salted(own, null))
                .isEqualTo("{\"model\":\"weft1-ab\",\"cache_salt\":\"mi\\u006ee\"}");
        assertThat(read(own).salt()).isEqualTo("mine");
    }

    private static String salted(String body, @Nullable String salt) {
        return new String(read(body).to(TARGET, false, salt), StandardCharsets.UTF_8);
    }

    /** SGLang takes a list. */
    @Test
    void aSaltThatIsNoTextCountsAsItIsWritten() {
        String list = "{\"cache_salt\":[\"a\", 1],\"model\":\"m\"}";
        assertThat(read(list).salt()).isEqualTo("[\"a\", 1]");
        assertThat(salted(list, "s")).isEqualTo("{\"cache_salt\":\"s\",\"model\":\"weft1-ab\"}");
    }

    /** Servers take the last of two members, and an empty salt for none. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "false"})
    void aSaltThatSaysNothingIsReplaced(String nothing) {
        String body = "{\"cache_salt\":%s,\"model\":\"m\"}".formatted(nothing);
        assertThat(read(body).salt()).isEmpty();
        assertThat(salted(body, "s")).isEqualTo("{\"cache_salt\":\"s\",\"model\":\"weft1-ab\"}");
        assertThat(sent(body, TARGET, false))
                .isEqualTo("{\"cache_salt\":%s,\"model\":\"weft1-ab\"}".formatted(nothing));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lora_request",
                "chat_template",
                "kv_transfer_params",
                "ec_transfer_params",
                "priority",
                "vllm_xargs",
                "echo",
                "previous_response_id"
            })
    void whatReachesIntoTheServerIsRefusedByName(String field) {
        assertThatThrownBy(() -> read("{\"model\":\"m\",\"" + field + "\":\"x\"}"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(field);
        assertThat(read("{\"model\":\"m\",\"" + field + "\":null}").model()).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "previous_response_id", "background"})
    void whatIsOffIsPassedOn(String flag) {
        assertThat(read("{\"model\":\"m\",\"" + flag + "\":false}").model()).isEqualTo("m");
    }

    /** A server may take false for 0, and 0 for a wish. */
    @ParameterizedTest
    @ValueSource(strings = {"lora_request", "priority", "vllm_xargs"})
    void falseIsNoWayAroundARefusal(String field) {
        assertThatThrownBy(() -> read("{\"model\":\"m\",\"" + field + "\":false}"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(field);
    }

    /** Servers continue messages themselves. */
    @Test
    void aMessageThatGoesOnPasses() {
        String body =
                "{\"model\":\"%s\",\"continue_final_message\":true,\"add_generation_prompt\":false}";
        assertThat(sent(body.formatted("m"), TARGET, false)).isEqualTo(body.formatted("weft1-ab"));
    }

    @Test
    void whatSaysNothingPasses() {
        String body =
                "{\"model\":\"m\",\"stream\":null,\"background\":false,\"n\":null,\"max_tokens\":5}";
        assertThat(read(body).streams()).isFalse();
        assertThat(sent(body, new RelayTarget("m", Map.of()), true)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"model\":\"n\"}",
                "{\"model\":\"m\",\"mod\\u0065l\":\"n\"}",
                "{\"model\":\"m\",\"stream\":false,\"stream\":true}",
                "{\"model\":\"m\",\"background\":true}",
                "{\"model\":\"m\",\"background\":1}",
                "{\"model\":\"m\",\"background\":\"true\"}",
                "{\"model\":\"m\",\"stream\":1}",
                "{\"model\":\"m\",\"stream\":\"true\"}",
                "{\"model\":\"m\",\"stream\":[true]}",
                "{\"model\":\"m\",\"n\":\"8\"}",
                "{\"model\":\"m\",\"max_tokens\":9e3}",
                "{\"model\":\"m\",\"max_output_tokens\":true}",
                "{\"model\":\"m\",\"n\":1.5}",
                "{\"model\":\"m\",\"stream_options\":[]}",
                "{\"model\":\"m\"} {}",
                "{\"model\":\"m\"",
                "{\"model\":1}",
                "{\"model\":\"\"}",
                "[]",
                "",
                "\ufeff{\"model\":\"m\"}"
            })
    void whatHasTwoMeaningsIsRefused(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(ApiException.class);
    }

    /** Servers may take these for true, or for an error. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "\"true\"", "\"zz\"", "[]", "1.0"})
    void aFlagOfAStreamsOptionsThatIsNoneIsRefusedByName(String value) {
        for (String flag : new String[] {"include_usage", "continuous_usage_stats"}) {
            String body =
                    "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"%s\":%s}}"
                            .formatted(flag, value);
            assertThatThrownBy(() -> read(body))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("stream_options.%s: true and false are allowed.", flag);
        }
    }

    @Test
    void aFlagOfAStreamsOptionsMaySayNothing() {
        String body = "{\"model\":\"m\",\"stream_options\":{\"include_usage\":%s}}";
        assertThat(read(body.formatted("null")).wantsUsage()).isFalse();
        assertThat(read(body.formatted("false")).wantsUsage()).isFalse();
        assertThat(read(body.formatted("true")).wantsUsage()).isTrue();
    }

    @Test
    void itSaysHowManyAnswersEachPromptGets() {
        assertThat(read("{\"model\":\"m\"}").choices()).isOne();
        assertThat(read("{\"model\":\"m\",\"n\":null}").choices()).isOne();
        assertThat(read("{\"model\":\"m\",\"n\":3}").choices()).isEqualTo(3);
        assertThat(read("{\"model\":\"m\",\"n\":-3}").choices()).as("it is refused").isOne();
        assertThat(read("{\"model\":\"m\",\"n\":99999999999}").choices())
                .isEqualTo(Integer.MAX_VALUE);
    }

    /** Each character stands for a byte: too long a form, half a pair, a rest, one beyond all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00c0\u00af",
                "\u00ed\u00a0\u0080",
                "\u0080",
                "\u00e2\u0082",
                "\u00f4\u0090\u0080\u0080"
            })
    void bytesThatAreNoCharactersAreRefused(String bytes) {
        for (String body :
                new String[] {
                    "{\"model\":\"m\",\"messages\":[{\"content\":\"%s\"}]}",
                    "{\"model\":\"m\",\"x%s\":1}",
                    "{\"model\":\"m%s\"}"
                }) {
            byte[] sent = body.formatted(bytes).getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> RelayRequest.read(sent, Set.of(), true))
                    .isInstanceOf(ApiException.class)
                    .hasMessage(
                            "The body is not valid JSON: it is not UTF-8 (byte %d).",
                            body.indexOf('%') + 1);
        }
    }

    @Test
    void aLongBodyOfManyCharactersPasses() {
        String body = "{\"model\":\"%s\",\"x\":\"" + "aäß€😀".repeat(5_000) + "\"}";
        assertThat(sent(body.formatted("m"), TARGET, false)).isEqualTo(body.formatted("weft1-ab"));
    }

    @Test
    void otherEncodingsAreRefused() {
        byte[] body = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_16LE);
        assertThatThrownBy(() -> RelayRequest.read(body, Set.of(), true))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("UTF-8");
    }
}
