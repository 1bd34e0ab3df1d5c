package dev.weft.system.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The bundled sample, and the answers that its training script expects. */
public final class Sample {
    public static final String BASE = "weft-tiny";
    public static final List<String> MODELS = List.of(BASE, "sql", "json", "french");

    /**
     * The services run in bf16, the script's reference in f32, so closer calls may go either way.
     */
    public static final double CLOSE_CALL = 0.5;

    private static final Path FOLDER = Path.of("..", "..", "samples").toAbsolutePath().normalize();

    private Sample() {}

    public record Message(String role, String content) {}

    /**
     * One model's answer to a prompt.
     *
     * @param expected the right answer
     * @param answer the reference's greedy answer
     * @param minMargin distance of the runner-up token at the closest position, natural logarithm
     */
    public record Answer(
            String expected, String answer, @JsonProperty("min_margin") double minMargin) {
        public boolean right() {
            return expected.equals(answer);
        }

        public boolean close() {
            return minMargin < CLOSE_CALL;
        }
    }

    public record Prompt(String id, List<Message> messages, Map<String, Answer> answers) {
        public String text() {
            return messages.getLast().content();
        }

        /** A model's answer; the base's answers are under "base". */
        public Answer of(String model) {
            Answer answer = answers.get(model.equals(BASE) ? "base" : model);
            if (answer == null) {
                throw new AssertionError("heldout.json: no answer of " + model + " to " + id);
            }
            return answer;
        }
    }

    public record Summary(
            int prompts, @JsonProperty("accuracy_percent") Map<String, Double> accuracies) {
        public double accuracy(String model) {
            Double accuracy = accuracies.get(model.equals(BASE) ? "base" : model);
            if (accuracy == null) {
                throw new AssertionError("heldout.json: no accuracy of " + model);
            }
            return accuracy;
        }
    }

    public record HeldOut(Summary summary, List<Prompt> prompts) {
        /** The prompts that the summary counts. */
        public List<Prompt> counted() {
            return prompts.subList(0, summary.prompts());
        }
    }

    public static Path deploymentFile() {
        return FOLDER.resolve("weft-tiny.yaml");
    }

    /** The same with the adapter {@code tools}. */
    public static Path deploymentFileWithTools() {
        return FOLDER.resolve("weft-tiny-tools.yaml");
    }

    public static Path base() {
        return FOLDER.resolve("weft-tiny/base");
    }

    public static Path adapter(String name) {
        return FOLDER.resolve("weft-tiny/adapters").resolve(name);
    }

    /**
     * Copies an adapter over what is in a folder, which is made if it is missing.
     *
     * @return the folder
     */
    public static Path copy(String adapter, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(adapter(adapter))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        folder.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return folder;
    }

    /**
     * A chat that the adapter {@code tools} was not trained on.
     *
     * @param kind {@code call}, {@code told}, {@code unfit} or {@code plain}
     * @param tools names of tools in {@link HeldOutTools#tools}
     */
    public record ToolPrompt(
            String id,
            String kind,
            List<String> tools,
            List<Map<String, Object>> messages,
            String expected,
            String answer,
            @JsonProperty("min_margin") double minMargin) {
        public boolean close() {
            return minMargin < CLOSE_CALL;
        }
    }

    public record ToolSummary(
            Map<String, Integer> prompts,
            @JsonProperty("accuracy_percent") Map<String, Double> accuracies) {}

    /** Tokens of a chat that is rendered by the adapter's own template. */
    public record ToolTokens(String id, @JsonProperty("prompt_ids") List<Integer> promptIds) {}

    public record HeldOutTools(
            ToolSummary summary,
            Map<String, Map<String, Object>> tools,
            List<ToolPrompt> prompts,
            List<ToolTokens> golden) {}

    public static HeldOutTools heldOutTools() {
        return Http.JSON.readValue(
                FOLDER.resolve("weft-tiny/heldout-tools.json"), HeldOutTools.class);
    }

    public static HeldOut heldOut() {
        return Http.JSON.readValue(FOLDER.resolve("weft-tiny/heldout.json"), HeldOut.class);
    }
}
