import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all of these programs ask, and the tools that their agents have. */
final class SampleTask {
    static final String PROMPT = "show the 5 newest orders from Lyon above 200 euros";
    static final String QUESTION = "Give me the number of unpaid invoices from Nantes";
    static final List<String> TOOLS = List.of("count_rows", "sum_amounts");
    static final List<String> PARAMETERS = List.of("table", "status", "city");

    static final String SCHEMA =
            """
            {"type": "object", "required": ["table"], "properties": {
              "table": {"type": "string"}, "status": {"type": "string"}, "city": {"type": "string"}}}
            """;

    private SampleTask() {}

    /** Where the gateway is. */
    static String url() {
        return Optional.ofNullable(System.getenv("WEFT_URL")).orElse("http://127.0.0.1:8080");
    }

    /** {@code properties} of the tools' schemas. */
    static Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        PARAMETERS.forEach(name -> properties.put(name, Map.of("type", "string")));
        return properties;
    }

    /** Does what a tool does. */
    static String run(String tool, String arguments) {
        System.out.println(tool + " " + arguments);
        return tool.equals("count_rows") ? "250" : "1200";
    }
}
