package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An OpenAPI 3.1 document: its operations, their examples, and what their answers look like. */
final class OpenApiDocument {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document;
    private final JsonNode strictComponents;

    /**
     * One operation.
     *
     * @param success its only status below 300
     */
    record Operation(
            String id, String method, String path, String success, List<Example> examples) {}

    /**
     * A request.
     *
     * @param body null for none
     */
    record Example(String name, List<Parameter> parameters, @Nullable String body) {}

    /**
     * A parameter with its example.
     *
     * @param place path, query or header
     */
    record Parameter(String name, String place, String value) {}

    OpenApiDocument(JsonNode document) {
        assertThat(document.path("openapi").asString()).startsWith("3.1.");
        this.document = document;
        this.strictComponents = strict(document.path("components"));
    }

    /** The same schemas, with every undescribed property forbidden. */
    private static JsonNode strict(JsonNode components) {
        JsonNode copy = components.deepCopy();
        for (JsonNode schema : copy.path("schemas")) {
            if (schema.has("properties") && !schema.has("additionalProperties")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        }
        return copy;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    operations.add(operation(path.getKey(), method.getKey(), method.getValue()));
                }
            }
        }
        return operations;
    }

    private static Operation operation(String path, String method, JsonNode operation) {
        String id = operation.path("operationId").asString();
        List<String> successes =
                operation.path("responses").propertyNames().stream()
                        .filter(status -> status.startsWith("2"))
                        .toList();
        assertThat(successes).as(id).hasSize(1);
        return new Operation(
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                successes.getFirst(),
                examples(id, operation));
    }

    /**
     * One request for each example of the body. The first has required parameters only, so that
     * both forms are tested. A request without a body is sent with its optional parameters, and
     * also without them if it only reads.
     */
    private static List<Example> examples(String id, JsonNode operation) {
        List<Parameter> all = parameters(id, operation, false);
        List<Parameter> required = parameters(id, operation, true);
        List<Example> examples = new ArrayList<>();
        JsonNode content = operation.path("requestBody").path("content");
        for (JsonNode type : content) {
            assertThat(type.path("examples").isEmpty()).as("%s has examples", id).isFalse();
            for (Map.Entry<String, JsonNode> body : type.path("examples").properties()) {
                examples.add(
                        new Example(
                                body.getKey(),
                                examples.isEmpty() ? required : all,
                                body.getValue().path("value").toString()));
            }
        }
        if (examples.isEmpty()) {
            examples.add(new Example("all parameters", all, null));
            if (id.startsWith("list") && required.size() < all.size()) {
                examples.add(new Example("required parameters", required, null));
            }
        }
        return examples;
    }

    /** The parameters with their examples; a required parameter must have an example. */
    private static List<Parameter> parameters(String id, JsonNode operation, boolean required) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.path("name").asString();
            JsonNode value =
                    parameter.has("example")
                            ? parameter.path("example")
                            : parameter.path("schema").path("example");
            boolean needed = parameter.path("required").asBoolean(false);
            assertThat(value.isMissingNode() && needed)
                    .as("%s of %s has no example", name, id)
                    .isFalse();
            if (!value.isMissingNode() && (needed || !required)) {
                parameters.add(
                        new Parameter(
                                name,
                                parameter.path("in").asString(),
                                value.isString() ? value.asString() : value.toString()));
            }
        }
        return parameters;
    }

    /** Compares an answer with the operation's description of its success. */
    void check(String what, Operation operation, String type, String body) {
        JsonNode content =
                document.path("paths")
                        .path(operation.path())
                        .path(operation.method().toLowerCase(Locale.ROOT))
                        .path("responses")
                        .path(operation.success())
                        .path("content");
        if (content.isEmpty()) {
            assertThat(body).as(what).isEmpty();
            return;
        }
        assertThat(content.propertyNames()).as("%s: %s", what, type).anyMatch(type::startsWith);
        JsonNode schema = content.path("application/json").path("schema");
        if (type.startsWith("application/json") && schema.isObject()) {
            ObjectNode root = RunningCatalog.JSON.createObjectNode();
            root.putArray("allOf").add(schema);
            root.set("components", strictComponents);
            assertThat(
                            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                                    .getSchema(root)
                                    .validate(RunningCatalog.JSON.readTree(body)))
                    .as("%s: %s", what, body)
                    .isEmpty();
        }
    }
}
