package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A request for which an agent with two tools has to call the right one and then tell what it
 * found. An adapter of the sample knows it, though nothing in its training showed the request.
 *
 * @param tool the right one
 * @param found what the tool tells
 */
record AgentTask(
        String question, String tool, Map<String, String> arguments, int found, String answer) {
    static final String MODEL = "tools";

    /** Parameters of both tools, in the order of their schemas. */
    static final List<String> PARAMETERS = List.of("table", "status", "city");

    static final String COUNT = "count_rows";
    static final String SUM = "sum_amounts";
    static final List<String> TOOLS = List.of(COUNT, SUM);

    static final List<AgentTask> ALL =
            List.of(
                    new AgentTask(
                            "Give me the number of unpaid invoices from Nantes",
                            COUNT,
                            arguments("invoices", "unpaid", "Nantes"),
                            250,
                            "There are 250 unpaid invoices from Nantes."),
                    new AgentTask(
                            "Can you sum the paid invoices from Nice?",
                            SUM,
                            arguments("invoices", "paid", "Nice"),
                            1200,
                            "The total of the paid invoices from Nice is 1200 euros."));

    private static Map<String, String> arguments(String table, String status, String city) {
        return Map.of("table", table, "status", status, "city", city);
    }

    /** {@code properties} of the tools' schemas. */
    static Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        PARAMETERS.forEach(name -> properties.put(name, Map.of("type", "string")));
        return properties;
    }

    /** The tools' schema as text. */
    static String schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties());
        schema.put("required", List.of("table"));
        return Http.JSON.writeValueAsString(schema);
    }

    /** Does what the model has called, if that is right. */
    String call(String name, String json) {
        assertThat(name).isEqualTo(tool);
        JsonNode called = Http.JSON.readTree(json);
        assertThat(called).isEqualTo(Http.JSON.valueToTree(arguments));
        return String.valueOf(found);
    }

    @Override
    public String toString() {
        return question;
    }
}
