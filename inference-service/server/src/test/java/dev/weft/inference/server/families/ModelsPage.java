package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The table of docs/models.md. Its figures are those of one machine, whose kernels round in their
 * own way; on others only what it covers is compared.
 */
final class ModelsPage {
    private static final String FIGURES =
            " | equal | parted at near ties | parted elsewhere | mean difference |";

    /** First line of the table of families; rows begin with both names. */
    static final String FAMILIES = "| family | checkpoint" + FIGURES;

    /** First line of the table of quantised checkpoints; rows begin with the form. */
    static final String QUANTISED = "| quantised" + FIGURES;

    /** First line of the table of adapters; rows begin with the kind. */
    static final String KINDS = "| adapter" + FIGURES;

    /** First line of the table of vectors and scores; rows begin with what is pooled. */
    static final String POOLED =
            "| vectors and scores | compared | least cosine | largest difference |";

    private ModelsPage() {}

    /** Writes the table that begins with that line, or holds it against what was found. */
    static void check(Path page, String first, SortedMap<String, GoldenComparison> found)
            throws IOException {
        SortedMap<String, String> cells = new TreeMap<>();
        found.forEach((row, comparison) -> cells.put(row, cells(comparison)));
        checkCells(page, first, cells);
    }

    /** The same with the rows' other cells. */
    static void checkCells(Path page, String first, SortedMap<String, String> found)
            throws IOException {
        List<String> lines = Files.readAllLines(page);
        if ("write".equals(System.getProperty("weft.docs"))) {
            Files.writeString(page, String.join("\n", withTable(lines, first, found)) + "\n");
            return;
        }
        int head = lines.indexOf(first);
        assertThat(head).as("docs/models.md has the table").isNotNegative();
        for (String row : found.keySet()) {
            assertThat(lines.subList(head, lines.size()))
                    .as("docs/models.md has what ran")
                    .anyMatch(line -> line.startsWith(row));
        }
    }

    private static List<String> withTable(
            List<String> lines, String first, SortedMap<String, String> found) {
        List<String> written = new ArrayList<>();
        boolean within = false;
        for (String line : lines) {
            if (line.equals(first)) {
                within = true;
                written.add(line);
                written.add("|" + "---|".repeat(first.split("\\|").length - 1));
                found.forEach((row, cells) -> written.add(row + cells));
            } else if (!within || !line.startsWith("|")) {
                within = false;
                written.add(line);
            }
        }
        return written;
    }

    private static String cells(GoldenComparison comparison) {
        return " %d | %d | %d | %.4f |"
                .formatted(
                        comparison.equal(),
                        comparison.near(),
                        comparison.wide(),
                        comparison.mean());
    }
}
