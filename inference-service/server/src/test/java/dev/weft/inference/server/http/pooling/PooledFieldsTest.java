package dev.weft.inference.server.http.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.AdapterCatalog;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.WorkerClient;
import dev.weft.inference.server.http.json.FieldProbe;
import dev.weft.inference.server.http.json.MakersFields;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of requests for vectors and scores: none is dropped in silence. */
@Timeout(400)
class PooledFieldsTest {
    private static final List<Set<String>> SIDES =
            List.of(
                    Set.of("queries", "documents"),
                    Set.of("data_1", "data_2"),
                    Set.of("text_1", "text_2"));

    private static AdapterCatalog catalog;
    private static TestWorker worker;
    private static WorkerClient client;
    private static AdapterDigest vectors;
    private static AdapterDigest labels;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        catalog = new AdapterCatalog();
        vectors = catalog.publish("vectors", "{\"task_type\":\"FEATURE_EXTRACTION\"}", Map.of());
        labels = catalog.publish("labels", "{\"task_type\":\"SEQ_CLS\"}", Map.of());
        worker = TestWorker.start(data, _ -> List.of(1), catalog.address(), TestArtifacts.READER);
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
        catalog.close();
    }

    private static FieldProbe probe(AdapterDigest adapter, String path) {
        return new FieldProbe(client, path, "weft-adapter", adapter.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "EMBEDDINGS|/v1/embeddings|{\"model\":\"m\",\"input\":\"a\"}",
                "RERANK|/v1/rerank|{\"model\":\"m\",\"query\":\"a\",\"documents\":[\"b\"]}",
                "CLASSIFY|/v1/classify|{\"model\":\"m\",\"input\":\"a\"}",
            })
    void everyFieldIsServedOrRefusedOrChangesNothing(MakersFields fields, String path, String body)
            throws Exception {
        AdapterDigest adapter = fields == MakersFields.CLASSIFY ? labels : vectors;
        probe(adapter, path).assertNoneIsDropped(fields, body);
    }

    /** A request has its texts under one pair of names. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void soIsEveryFieldOfAScore(int side) throws Exception {
        Set<String> names = new TreeSet<>(MakersFields.SCORE.names());
        String body = "{\"model\":\"m\"";
        for (Set<String> pair : SIDES) {
            names.removeAll(pair);
        }
        for (String name : SIDES.get(side)) {
            names.add(name);
            body += ",\"" + name + "\":\"a\"";
        }
        probe(vectors, "/v1/score").assertNoneIsDropped(MakersFields.SCORE, names, body + "}", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"embed_dtype\":\"float32\",\"endianness\":\"little\"|",
                "\"endianness\":\"native\",\"padding\":\"do_not_pad\",\"priority\":0|",
                "\"max_tokens_per_doc\":0,\"instruction\":\"\",\"chat_template_kwargs\":{}|",
                "\"encoding_format\":\"base64\",\"embed_dtype\":\"float16\"|embed_dtype",
                "\"encoding_format\":\"base64\",\"endianness\":\"big\"|endianness",
                "\"padding\":\"max_length\"|padding",
                "\"priority\":5|priority",
                "\"cache_salt\":\"x\"|cache_salt",
                "\"max_tokens_per_query\":3|max_tokens_per_query",
            })
    void onlyValuesThatSayWhatHappensAnywayAreTaken(String field, @Nullable String refused)
            throws Exception {
        String body = "{\"model\":\"m\",\"input\":\"a\"," + field + "}";
        HttpResponse<String> answer =
                client.send(
                        client.post("/v1/embeddings", body, "weft-adapter", vectors.toString()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(refused == null ? 200 : 400);
        if (refused != null) {
            assertThat(WorkerClient.tree(answer.body()).at("/error/code").asString())
                    .isEqualTo("unsupported_parameter");
            assertThat(WorkerClient.tree(answer.body()).at("/error/param").asString())
                    .isEqualTo(refused);
        }
    }
}
