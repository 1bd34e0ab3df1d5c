package dev.weft.standalone.adapters;

import dev.weft.standalone.failure.CommandException;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code adapters version}. */
@Command(
        name = "version",
        description =
                "Shows all that is known of one registration, by the id that the audit log says.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();

    @Parameters(paramLabel = "ID", description = "Number of the registration.")
    private long id;

    @Override
    public Integer call() throws CommandException {
        try (var catalog = adapters.catalog()) {
            JsonNode version =
                    catalog.call("GET", "versions/" + id, null)
                            .orElseThrow(() -> new CommandException("there is no version " + id));
            version.properties().stream()
                    .filter(field -> !field.getValue().isNull() && !isEmpty(field.getValue()))
                    .forEach(field ->
                            adapters.print(
                                    "%-17s %s".formatted(field.getKey(), text(field.getValue()))));
        }
        return 0;
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainer() && value.isEmpty();
    }

    /** A value as text: lists with commas, reasons one below the other. */
    private static String text(JsonNode value) {
        if (value.isArray() && value.path(0).isObject()) {
            StringJoiner reasons = new StringJoiner("\n" + " ".repeat(18));
            for (JsonNode reason : value) {
                reasons.add(
                        reason.path("code").asString("")
                                + ": "
                                + reason.path("message").asString(""));
            }
            return reasons.toString();
        }
        StringJoiner texts = new StringJoiner(", ");
        if (value.isArray()) {
            value.forEach(item -> texts.add(item.asString("")));
        } else if (value.isObject()) {
            value.properties().forEach(field -> texts.add(field.getKey() + " " + field.getValue()));
        } else {
            texts.add(value.asString(""));
        }
        return texts.toString();
    }
}
