package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.text.TestTokenizers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RequestErrorsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";

    private static TestWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TestWorker.start(data, _ -> List.of(97, TestTokenizers.IM_END));
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "temperature|2.5|a number from 0 to 2",
                "temperature|\"hot\"|a number from 0 to 2",
                "top_p|0|a number over 0 to 1",
                "top_p|1.01|a number over 0 to 1",
                "top_k|-2|an integer of at least -1",
                "top_k|1.5|an integer of at least -1",
                "min_p|-0.1|a number from 0 to 1",
                "presence_penalty|3|a number from -2 to 2",
                "frequency_penalty|-3|a number from -2 to 2",
                "repetition_penalty|0|a number from 0.01 to 100",
                "repetition_penalty|1.0E-300|a number from 0.01 to 100",
                "repetition_penalty|1.0E300|a number from 0.01 to 100",
                "seed|\"x\"|an integer of 64 bits",
                "n|0|an integer from 1 to 128",
                "n|129|an integer from 1 to 128",
                "max_tokens|0|an integer of at least 1",
                "max_completion_tokens|true|an integer of at least 1",
                "min_tokens|-1|an integer of at least 0",
                "stop|[\"\"]|none of them empty",
                "stop|17|a string or a list",
                "stop|[1]|up to 16 strings",
                "stop_token_ids|7|a list of token ids",
                "bad_words|\"word\"|a list of up to 256 strings",
                "ignore_eos|1|true or false",
                "stream|\"yes\"|true or false",
                "logprobs|3|true or false",
                "logit_bias|[]|an object",
                "messages|[]|at least one message",
                "chat_template_kwargs|3|an object",
                "stream_options|{}|only with",
            })
    void namesTheFieldTheValueAndWhatIsAllowed(String field, String value, String allowed)
            throws Exception {
        JsonNode error = error(CHAT, chat(field, value), 400);

        assertThat(error.at("/param").asString()).isEqualTo(field);
        assertThat(error.at("/code").asString()).isEqualTo("invalid_value");
        assertThat(error.at("/type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.at("/message").asString()).contains("'" + field + "'", value, allowed);
    }

    @Test
    void whoForbidsEveryTokenIsRefused() throws Exception {
        String every = IntStream.range(0, 269).boxed().toList().toString();

        JsonNode error = error(CHAT, chat("min_tokens", "1,\"stop_token_ids\":" + every), 400);

        assertThat(error.at("/param").asString()).isEqualTo("stop_token_ids");
        assertThat(error.at("/message").asString())
                .contains("with min_tokens, ids that leave one of the 269 tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "messages|\"hush\"|a string",
                "messages|[\"hush\"]|a string",
                "messages|[{\"role\":\"user\",\"content\":{\"text\":\"hush\"}}]|an object",
                "messages|[{\"role\":\"user\",\"content\":hush}]|The body is not valid JSON",
            })
    void doesNotRepeatWhatWasSaid(String field, String value, String instead) throws Exception {
        JsonNode error = error(CHAT, chat(field, value), 400);

        assertThat(error.at("/message").asString()).contains(instead).doesNotContain("hush");
    }

    /** Each choice holds it, and each token of a choice is compared with it. */
    @Test
    void whatEndsOrTiltsAnswersIsBounded() throws Exception {
        JsonNode stop = error(CHAT, chat("stop", "[\"a\",\"" + "b".repeat(1_001) + "\"]"), 400);
        assertThat(stop.at("/param").asString()).isEqualTo("stop");
        assertThat(stop.at("/message").asString()).contains("over 1000 characters");

        String entries =
                IntStream.range(0, 1_025)
                        .mapToObj(token -> "\"" + token + "\":0")
                        .collect(Collectors.joining(",", "{", "}"));
        JsonNode bias = error(CHAT, chat("logit_bias", entries), 400);
        assertThat(bias.at("/param").asString()).isEqualTo("logit_bias");
        assertThat(bias.at("/message").asString()).contains("at most 1024 token ids");
    }

    @Test
    void aSchemaThatStrictDoesNotAllowHasACodeOfItsOwn() throws Exception {
        String tools =
                "[{\"function\":{\"name\":\"a\",\"strict\":true,\"parameters\":{\"type\":\"object\"}}}]";
        JsonNode error = error(CHAT, chat("tools", tools), 400);
        assertThat(error.at("/param").asString()).isEqualTo("tools[0].function.parameters");
        assertThat(error.at("/code").asString()).isEqualTo("invalid_function_parameters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "logit_bias|{\"x\":1}|logit_bias.x",
                "logit_bias|{\"269\":1}|logit_bias.269",
                "stop_token_ids|[1,269]|stop_token_ids[1]",
                "tools|[{}]|tools[0]",
                "tools|[{\"function\":{\"name\":\"a b\"}}]|tools[0].function.name",
                "tools|[{\"function\":{\"name\":\"a\"}},{\"function\":{\"name\":\"a\"}}]"
                        + "|tools[1].function.name",
                "tools|[{\"function\":{\"name\":\"a\",\"parameters\":1}}]"
                        + "|tools[0].function.parameters",
                "tool_choice|\"required\"|tool_choice",
                "tool_choice|\"always\"|tool_choice",
                "tool_choice|{\"type\":\"function\"}|tool_choice.function.name",
                "reasoning_effort|\"huge\"|reasoning_effort",
                "logit_bias|{\"1\":101}|logit_bias.1",
                "messages|[{\"role\":\"user\"}]|messages[0].content",
                "messages|[{\"content\":\"a\"}]|messages[0].role",
                "messages|[{\"role\":\"boss\",\"content\":\"a\"}]|messages[0].role",
                "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]"
                        + "|messages[0].content[0].text",
                "top_logprobs|3|top_logprobs",
                "top_logprobs|21|top_logprobs",
                "min_tokens|500|min_tokens",
                "bad_words|[\"word\",\" \"]|bad_words[1]",
            })
    void namesWhereInTheBodyTheFaultIs(String field, String value, String param) throws Exception {
        JsonNode error = error(CHAT, chat(field, value), 400);

        assertThat(error.at("/param").asString()).isEqualTo(param);
        assertThat(error.at("/code").asString()).isEqualTo("invalid_value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "response_format|{\"type\":\"json_object\"}",
                "functions|[{}]",
                "audio|{}",
                "modalities|[\"text\",\"audio\"]",
                "best_of|2",
                "echo|true",
                "prompt_logprobs|1",
                "use_beam_search|true",
                "priority|1",
                "cache_salt|\"x\"",
                "kv_transfer_params|{}",
                "lora_request|{}",
                "vllm_xargs|{}",
                "guided_json|{}",
                "structured_outputs|{}",
                "chat_template|\"x\"",
            })
    void refusesWhatIsKnownAndNotServedByName(String field, String value) throws Exception {
        JsonNode error = error(CHAT, chat(field, value), 400);

        assertThat(error.at("/param").asString()).isEqualTo(field);
        assertThat(error.at("/code").asString()).isEqualTo("unsupported_parameter");
        assertThat(error.at("/message").asString()).contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "response_format|{\"type\":\"text\"}",
                "tool_choice|\"auto\"",
                "n|null",
                "stop|null",
                "best_of|1",
                "length_penalty|1.0",
                "top_logprobs|0",
                "echo|false",
                "modalities|[\"text\"]",
                "logit_bias|{}",
                "parallel_tool_calls|true",
                "tools|[]",
                "reasoning_effort|\"high\"",
                "service_tier|\"auto\"",
                "top_k|-1",
            })
    void takesValuesThatChangeNothing(String field, String value) throws Exception {
        assertThat(client.send(client.post(CHAT, chat(field, value))).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "prompt|7|prompt|invalid_value",
                "prompt|[]|prompt|invalid_value",
                "prompt|\"\"|prompt|invalid_value",
                "prompt|[1,269]|prompt[1]|invalid_value",
                "prompt|[1,\"a\"]|prompt[1]|invalid_value",
                "prompt|[\"a\",7]|prompt[1]|invalid_value",
                "prompt|[[1],[]]|prompt[1]|invalid_value",
                "logprobs|21|logprobs|invalid_value",
                "suffix|\"b\"|suffix|unsupported_parameter",
                "best_of|3|best_of|unsupported_parameter",
                "max_tokens|1000|prompt|context_length_exceeded",
            })
    void checksPlainCompletionsToo(String field, String value, String param, String code)
            throws Exception {
        String prompt = field.equals("prompt") ? "" : ",\"prompt\":\"a\"";
        String body = "{\"model\":\"test-base\"" + prompt + ",\"" + field + "\":" + value + "}";

        JsonNode error = error(TEXT, body, 400);

        assertThat(error.at("/param").asString()).isEqualTo(param);
        assertThat(error.at("/code").asString()).isEqualTo(code);
    }

    @Test
    void saysHowLongTheContextIs() throws Exception {
        JsonNode error = error(CHAT, chat("max_tokens", "190"), 400);

        assertThat(error.at("/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(error.at("/param").asString()).isEqualTo("messages");
        assertThat(error.at("/message").asString())
                .isEqualTo(
                        "This model's maximum context length is 200 tokens. However, you requested"
                                + " 210 tokens (20 in the messages, 190 in the completion). Please"
                                + " reduce the length of the messages or completion.");
    }

    @Test
    void doesNotTokeniseWhatCanNotFit() throws Exception {
        String body = "{\"model\":\"test-base\",\"prompt\":\"" + "a".repeat(200_000) + "\"}";

        JsonNode error = error(TEXT, body, 400);

        assertThat(error.at("/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(error.at("/message").asString()).contains("200 tokens");
        String chat =
                chat("messages", "[{\"role\":\"user\",\"content\":\"" + "a".repeat(190) + "\"}]");
        assertThat(error(CHAT, chat, 400).at("/message").asString()).contains("200 tokens");
    }

    @Test
    void doesNotKnowOtherModels() throws Exception {
        String body = chat("temperature", "0").replace("test-base", "nobody");

        HttpResponse<String> response =
                client.send(client.post(CHAT, body, "weft-adapter", "sha256:x"));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("weft-adapter");
        assertThat(client.send(client.post(CHAT, body)).statusCode()).isEqualTo(503);
    }

    @Test
    void refusesATenantThatCantBeOne() throws Exception {
        String body = chat("temperature", "0");
        for (String tenant : new String[] {"", "a b", "../x", "a".repeat(129)}) {
            HttpResponse<String> response =
                    client.send(client.post(CHAT, body, "weft-tenant", tenant));
            assertThat(response.statusCode()).as(tenant).isEqualTo(400);
            assertThat(response.body()).contains("weft-tenant", "letters");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "[]", "7", "{\"model\":NaN}", "{} {}"})
    void refusesBodiesThatAreNoJsonObject(String body) throws Exception {
        assertThat(error(CHAT, body, 400).at("/code").asString()).isEqualTo("invalid_request");
    }

    @Test
    void asksForTheModel() throws Exception {
        assertThat(error(CHAT, "{}", 400).at("/param").asString()).isEqualTo("model");
        assertThat(error(CHAT, "{\"model\":7}", 400).at("/param").asString()).isEqualTo("model");
    }

    @Test
    void refusesOtherContentTypes() throws Exception {
        HttpRequest form =
                client.request(CHAT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        assertThat(client.send(form).statusCode()).isEqualTo(400);
        assertThat(client.send(form).body()).contains("application/x-www-form-urlencoded");
        HttpRequest none =
                client.request(CHAT).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
        assertThat(client.send(none).body()).contains("Content-Type is missing");
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        HttpResponse<String> response =
                client.send(client.post(CHAT, " ".repeat(BoundedBody.MOST_BYTES + 1)));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("request_too_large");
    }

    @Test
    void answersUnknownPathsAndMethodsInTheEnvelope() throws Exception {
        assertThat(error("/v1/nothing", "{}", 404).at("/code").asString()).isEqualTo("not_found");
        assertThat(error("/v1/models", "{}", 405).at("/code").asString())
                .isEqualTo("method_not_allowed");
        HttpResponse<String> get = client.send(client.request(CHAT).GET().build());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.body()).contains("\"code\":\"method_not_allowed\"");
        assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/messages",
                "/v1/messages/count_tokens",
                "/v1/responses",
                "/v1/embeddings",
                "/v1/rerank",
                "/v1/score",
                "/v1/classify",
                "/tokenize",
                "/detokenize"
            })
    void eachPathTakesPostsAloneAndNoneBelowIt(String path) throws Exception {
        assertThat(client.send(client.post(path, "{}")).statusCode()).isNotEqualTo(405);
        assertThat(client.send(client.request(path).GET().build()).statusCode()).isEqualTo(405);
        assertThat(client.send(client.post(path + "/below", "{}")).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsClientsWhenToTryAgain() throws Exception {
        String body = chat("temperature", "0").replace("test-base", "nobody");

        HttpResponse<String> response = client.send(client.post(CHAT, body));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat_template|\"x\"",
                "continue_final_message|true",
                "return_token_strs|true",
            })
    void refusesByNameWhatTokenizeDoesNotServe(String field, String value) throws Exception {
        String body =
                "{\"model\":\"test-base\",\"prompt\":\"hello\",\"%s\":%s}".formatted(field, value);
        assertThat(error("/tokenize", body, 400).path("param").asString()).isEqualTo(field);
    }

    private static JsonNode error(String path, String body, int status) throws Exception {
        HttpResponse<String> response = client.send(client.post(path, body));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return WorkerClient.tree(response.body()).at("/error");
    }

    private static String chat(String field, String value) {
        String messages =
                field.equals("messages")
                        ? ""
                        : ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
        return "{\"model\":\"test-base\"" + messages + ",\"" + field + "\":" + value + "}";
    }
}
