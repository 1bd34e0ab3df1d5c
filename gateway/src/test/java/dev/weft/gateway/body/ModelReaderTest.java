package dev.weft.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ModelReaderTest {
    private static String read(String body) {
        return ModelReader.read(body.getBytes(StandardCharsets.UTF_8)).model();
    }

    @Test
    void findsTheFieldWhereverItStands() {
        assertThat(read("{\"model\":\"sql\"}")).isEqualTo("sql");
        assertThat(read(" \n{\"messages\":[{\"model\":\"no\"}],\"model\" : \"a/b\"}\n"))
                .isEqualTo("a/b");
        assertThat(read("{\"mod\\u0065l\":\"sq\\u006c\"}")).isEqualTo("sql");
    }

    /** Objects with keys named model at any depth, before and after, in any order of keys. */
    @Test
    void onlyTheTopLevelFieldCountsInAnyDocument() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<String> keys =
                    new ArrayList<>(List.of("model", "messages", "\uD83E\uDDF5", "a", "n", ""));
            Collections.shuffle(keys, random);
            String model = "m\"\\\u0000ü/" + seed;
            Map<String, Object> document = new LinkedHashMap<>();
            for (String key : keys) {
                document.put(key, key.equals("model") ? model : value(random, 4));
            }
            byte[] body =
                    (random.nextBoolean()
                                    ? JsonMapper.shared().writer()
                                    : JsonMapper.shared().writerWithDefaultPrettyPrinter())
                            .writeValueAsBytes(document);
            assertThat(ModelReader.read(body).model()).as("seed %d", seed).isEqualTo(model);
            int cut = random.nextInt(body.length);
            assertBadRequest(() -> ModelReader.read(Arrays.copyOf(body, cut)), "JSON");
        }
    }

    @Test
    void aPromptOfManyMegabytesIsNoTrouble() {
        String prompt = "x".repeat(30_000_000);
        assertThat(read("{\"prompt\":\"" + prompt + "\",\"model\":\"sql\"}")).isEqualTo("sql");
    }

    @Test
    void aChatIsKnownByItsFirstMessageOfAUser() {
        String user = "{\"role\":\"user\",\"content\":\"a \\\"b\\\\\"}";
        ChatOpening first =
                opening("[{\"role\":\"system\",\"content\":\"at 10:01\"}," + user + "]");
        assertThat(first.answered()).isFalse();
        for (String item : List.of("function_call", "function_call_output", "reasoning")) {
            assertThat(opening("[" + user + ",{\"type\":\"" + item + "\"}]").answered()).isTrue();
        }
        ChatOpening later =
                opening(
                        "[{\"role\":\"system\",\"content\":\"at 10:02\"}, "
                                + "{\"content\" : \"a \\\"b\\\\\", \"role\": \"user\"} ,"
                                + "{\"role\":\"assistant\",\"content\":[{\"text\":\"c\"}]},"
                                + "{\"role\":\"user\",\"content\":\"d\"}]");
        assertThat(later).isEqualTo(new ChatOpening(first.hash(), true));
        assertThat(opening("\"a \\\"b\\\\\"")).isEqualTo(first);
        assertThat(opening("[{\"role\":\"user\",\"content\":\"a \\\"c\\\\\"}]").hash())
                .isNotEqualTo(first.hash());

        ChatOpening parts = opening("[{\"role\":\"user\",\"content\":[{\"text\":\"a\"},[1]]}]");
        assertThat(parts.hash())
                .isEqualTo(
                        opening("[{\"content\":[{\"text\":\"a\"},[1]],\"role\":\"user\"},{}]")
                                .hash())
                .isNotEqualTo(
                        opening("[{\"role\":\"user\",\"content\":[{\"text\":\"b\"}]}]").hash());
        String end = "x".repeat(20_000);
        assertThat(opening("\"" + end + "y\"")).isEqualTo(opening("\"" + end + "z\""));
    }

    @Test
    void whatHasNoMessageOfAUserIsNoChat() {
        for (String messages :
                List.of(
                        "null",
                        "7",
                        "[]",
                        "[7,null,[\"user\"]]",
                        "[{\"role\":7}]",
                        "{\"a\":[1]}")) {
            assertThat(head(messages).opening()).as(messages).isNull();
        }
        assertThat(head("[{\"role\":\"user\"}]").opening()).isEqualTo(new ChatOpening(0, false));
        assertThat(head("[{\"role\":\"user\",\"content\":null}]").opening())
                .isEqualTo(new ChatOpening(0, false));
    }

    @Test
    void aChatInAnotherEncodingIsReadLikeAnyOther() {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"model\":\"m\"}";
        for (Charset charset : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            assertThat(ModelReader.read(body.getBytes(charset)).model()).isEqualTo("m");
        }
        byte[] marked = ("\uFEFF" + body).getBytes(StandardCharsets.UTF_8);
        assertThat(ModelReader.read(marked).opening()).isNotNull();
    }

    private static RequestHead head(String messages) {
        return ModelReader.read(
                ("{\"messages\": " + messages + ",\"model\":\"m\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static ChatOpening opening(String messages) {
        return Objects.requireNonNull(head(messages).opening());
    }

    @Test
    void aModelThatIsNoStringIsNamed() {
        for (String value : List.of("7", "1.5", "true", "null", "[\"sql\"]", "{\"model\":\"x\"}")) {
            assertBadRequest(() -> read("{\"model\":" + value + ",\"a\":1}"), "model");
        }
    }

    @Test
    void aMissingOrEmptyModelIsNamed() {
        assertBadRequest(() -> read("{}"), "model");
        assertBadRequest(() -> read("{\"a\":{\"model\":\"sql\"}}"), "model");
        assertBadRequest(() -> read("{\"model\":\"\"}"), "model");
    }

    @Test
    void theUserIsReadWhereItIsAStringAndTheSafetyIdentifierGoesFirst() {
        for (String[] each :
                new String[][] {
                    {"\"user\":\"u\"", "u"},
                    {"\"user\":\"u\",\"safety_identifier\":\"s\"", "s"},
                    {"\"safety_identifier\":\"s\",\"user\":7", "s"},
                    {"\"safety_identifier\":\"\",\"user\":\"u\"", "u"},
                    {"\"user\":\"u\",\"safety_identifier\":\" \\t\"", "u"},
                    {"\"safety_identifier\":\"s\",\"user\":\"\"", "s"},
                    {"\"safety_identifier\":\" \",\"user\":\"\"", null},
                    {"\"user\":\"\"", null},
                    {"\"user\":\" \"", null},
                    {"\"user\":{\"user\":\"x\"}", null},
                    {"\"metadata\":{\"user\":\"x\"}", null}
                }) {
            String body = "{\"model\":\"sql\"," + each[0] + "}";
            assertThat(ModelReader.read(body.getBytes(StandardCharsets.UTF_8)).user())
                    .as(body)
                    .isEqualTo(each[1]);
        }
    }

    @Test
    void anAnswerIsAsLongAsAllChoicesOfAllPrompts() {
        String many = "[" + String.join(",", Collections.nCopies(2_000_000, "\"\"")) + "]";
        for (Object[] each :
                new Object[][] {
                    {"\"a\"", 10L},
                    {"[\"a\"]", 10L},
                    {"[\"a\",\"b\\\"]\",\"c\"]", 30L},
                    {"[1,2,3]", 10L},
                    {"[[1,2],[3]]", 20L},
                    {"[[[\"a\",\"b\"]],{\"a\":[1]},7]", 10L},
                    {"[]", 10L},
                    {"{\"a\":[\"b\",\"c\"]}", 10L},
                    {"null", 10L},
                    {many, 10_000L}
                }) {
            String before = "{\"prompt\":" + each[0] + ",\"max_tokens\":10,\"model\":\"m\"}";
            assertThat(mostTokens(before)).isEqualTo(each[1]);
            String after = "{\"n\":3,\"max_tokens\":10,\"model\":\"m\",\"prompt\":" + each[0] + "}";
            assertThat(mostTokens(after)).isEqualTo(3 * (long) each[1]);
        }
        assertThat(mostTokens("{\"prompt\":[\"a\",\"b\"],\"model\":\"m\"}")).isZero();
        String largest = "\"n\":9000000000,\"max_tokens\":9000000000000,\"model\":\"m\"}";
        assertThat(mostTokens("{\"prompt\":" + many + "," + largest))
                .isEqualTo(1_000_000_000_000_000L);
    }

    private static long mostTokens(String body) {
        return ModelReader.read(body.getBytes(StandardCharsets.UTF_8)).mostTokens();
    }

    /** Else gateway and worker could read two different names. */
    @Test
    void aModelGivenTwiceIsRefused() {
        assertBadRequest(() -> read("{\"model\":\"a\",\"model\":\"b\"}"), "twice");
    }

    @Test
    void whatIsNotOneJsonObjectIsRefused() {
        for (String body :
                List.of("", " ", "x", "[]", "\"model\"", "{\"model\":\"a\"} {}", "null")) {
            assertBadRequest(() -> read(body), "body");
        }
    }

    private static void assertBadRequest(ThrowingCallable call, String named) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code().status()).isEqualTo(400))
                .hasMessageContaining(named)
                .extracting(e -> ((ApiException) e).code())
                .isIn(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_VALUE);
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextBoolean();
            case 2 -> "text }{ \"model\": \"no\" \\ " + random.nextInt();
            case 3 -> random.nextDouble();
            case 4 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put("k" + i, value(random, depth - 1));
                }
                map.put("model", value(random, depth - 1));
                yield map;
            }
        };
    }
}
