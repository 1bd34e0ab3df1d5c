import java.util.List;
import java.util.Optional;

/** What all of these programs ask. */
final class Weft {
    static final String PROMPT = "show the 5 newest orders from Lyon above 200 euros";
    static final List<String> CITIES = List.of("Ulm", "Rom");

    private Weft() {}

    /** Where the gateway is. */
    static String url() {
        return Optional.ofNullable(System.getenv("WEFT_URL")).orElse("http://127.0.0.1:8080");
    }
}
