package dev.weft.inference.server.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.http.WorkerClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds fields that a worker drops: each gets a value that no field takes, so that one that is
 * served or refused is named by the error.
 */
public final class FieldProbe {
    private static final JsonNode WRONG = WorkerClient.tree("[{\"weft_probe\":7}]");

    private final WorkerClient client;
    private final String path;
    private final String[] headers;

    public FieldProbe(WorkerClient client, String path, String... headers) {
        this.client = client;
        this.path = path;
        this.headers = headers;
    }

    /** Every field of a body is served or refused, or changes nothing. */
    public void assertNoneIsDropped(MakersFields fields, String body) throws Exception {
        assertNoneIsDropped(fields, fields.names(), body, "");
    }

    /**
     * Every field of an object within a body is that.
     *
     * @param pointer to the object, as errors write it; empty for the body
     */
    public void assertNoneIsDropped(
            MakersFields fields, Set<String> names, String body, String pointer) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            ObjectNode whole = (ObjectNode) WorkerClient.tree(body);
            JsonNode object =
                    pointer.isEmpty()
                            ? whole
                            : whole.at("/" + pointer.replace("[", "/").replace("]", ""));
            ((ObjectNode) object).set(name, WRONG);
            HttpResponse<String> answer = client.send(client.post(path, whole.toString(), headers));
            String param = WorkerClient.tree(answer.body()).at("/error/param").asString("");
            String written = pointer.isEmpty() ? name : pointer + "." + name;
            boolean named =
                    answer.statusCode() == 400
                            && (param.equals(written)
                                    || param.startsWith(written + ".")
                                    || param.startsWith(written + "["));
            if (fields.changesNothing(name) ? answer.statusCode() != 200 : !named) {
                wrong.add(written + ": " + answer.statusCode() + " " + answer.body());
            }
        }
        assertThat(wrong).as(path).isEmpty();
    }
}
