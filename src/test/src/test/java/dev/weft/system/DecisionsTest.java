package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that docs/decisions says on both sides which decision changes which. */
class DecisionsTest {
    private static final Path DECISIONS =
            Path.of("..", "..", "docs", "decisions").toAbsolutePath().normalize();

    private static final Pattern STATUS =
            Pattern.compile("# \\d{4}: [^\n]+\n\n(Status: (?:accepted|superseded)[^\n]*\\.)\n\n");
    private static final Pattern LINK = Pattern.compile("\\[(\\d{4})]\\(([^)]+)\\)");

    @Test
    void eachDecisionBeginsWithItsStatus() throws IOException {
        List<String> without = new ArrayList<>();
        for (Map.Entry<String, String> decision : texts().entrySet()) {
            if (!STATUS.matcher(decision.getValue()).lookingAt()) {
                without.add(decision.getKey());
            }
        }

        assertThat(without).isEmpty();
    }

    @Test
    void aStatusThatNamesAnotherDecisionIsNamedByItsStatus() throws IOException {
        Map<String, List<String>> named = named();
        List<String> oneSided = new ArrayList<>();
        named.forEach((decision, others) -> {
            for (String other : others) {
                if (!named.getOrDefault(other, List.of()).contains(decision)) {
                    oneSided.add(decision + " names " + other);
                }
            }
        });

        assertThat(named).hasSizeGreaterThan(100);
        assertThat(oneSided).isEmpty();
    }

    /** The files that the status of each file links to. */
    private static Map<String, List<String>> named() throws IOException {
        Map<String, List<String>> named = new TreeMap<>();
        texts().forEach((file, text) ->
                named.put(
                        file,
                        STATUS.matcher(text)
                                .results()
                                .map(status -> status.group(1))
                                .flatMap(status -> LINK.matcher(status).results())
                                .map(DecisionsTest::target)
                                .toList()));
        return named;
    }

    private static String target(MatchResult link) {
        assertThat(link.group(2)).startsWith(link.group(1) + "-");
        return link.group(2);
    }

    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(DECISIONS)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
