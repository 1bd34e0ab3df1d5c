package dev.weft.standalone.adapters;

import dev.weft.standalone.failure.CommandException;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code adapters audit}. */
@Command(
        name = "audit",
        description = "Shows who changed what, newest first.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    private static final Pattern BEFORE = Pattern.compile("[?&]before=(\\d+)");

    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "20",
            description = "Changes to show, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int size = 20;

    @Option(
            names = "--before",
            paramLabel = "ID",
            description = "Only changes before the one of that number.")
    private @Nullable Long before;

    @Override
    public Integer call() throws CommandException {
        try (var catalog = adapters.catalog()) {
            String from = before == null ? "" : "&before=" + before;
            JsonNode page =
                    catalog.call("GET", "audit?size=" + size + from, null)
                            .orElseThrow(() -> new CommandException("it keeps no audit log"));
            page.path("items").forEach(entry -> adapters.print(line(entry)));
            Matcher older = BEFORE.matcher(page.path("next").asString(""));
            if (older.find()) {
                adapters.print("older ones: --before " + older.group(1));
            }
        }
        return 0;
    }

    private static String line(JsonNode entry) {
        return "%s  %s  %s  %s  %s -> %s"
                .formatted(
                        entry.path("at").asString(""),
                        entry.path("actor").asString(""),
                        entry.path("action").asString(""),
                        entry.path("subject").asString(""),
                        state(entry.path("before")),
                        state(entry.path("after")));
    }

    private static String state(JsonNode json) {
        return json.isNull() || json.isMissingNode() ? "nothing" : json.toString();
    }
}
