package dev.weft.inference.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The table of docs/models.md, of which each test writes its part ({@code -Dweft.docs=write}). None
 * of its rows is missing, and none is there that nothing ran for. Its figures are those of one
 * machine: on others, whose kernels add in another order, a few answers part at other near ties,
 * and the difference is {@linkplain #SAME about} the same.
 */
public final class ModelsPage {
    private static final Path PAGE = Path.of("..", "..", "docs", "models.md");

    private static final String HEAD =
            "| part | what | checkpoint | equal | parted at near ties | parted elsewhere |"
                    + " mean difference |";

    /** Cells of a row that name it: part, what and checkpoint. */
    private static final int NAMED = 3;

    /** Differences of log-probabilities, this far from each other, say the same. */
    private static final double SAME = 0.005;

    /** What a row says on any machine: answers, those of them that part elsewhere, difference. */
    private record Figures(int answers, int wide, double difference) {
        static Figures of(String cells) {
            List<String> all = List.of(cells.replace(" ", "").split("\\|"));
            int wide = Integer.parseInt(all.get(2));
            int answers = Integer.parseInt(all.get(0)) + Integer.parseInt(all.get(1)) + wide;
            return new Figures(answers, wide, Double.parseDouble(all.get(3)));
        }

        boolean isLike(Figures other) {
            return answers == other.answers
                    && wide == other.wide
                    && Math.abs(difference - other.difference) <= SAME;
        }
    }

    private ModelsPage() {}

    /** Parts of the table, in their order. */
    public enum Part {
        FAMILY("family"),
        REAL_MODEL("real model"),
        QUANTISED("quantised"),
        ADAPTER("adapter"),
        VECTORS("vectors and scores");

        private final String text;

        Part(String text) {
            this.text = text;
        }
    }

    /**
     * The row of something.
     *
     * @param checkpoint the checkpoint, and what it was asked with
     */
    public static String row(String what, String checkpoint) {
        return what + " | " + checkpoint;
    }

    /** Writes a part by what was found, by {@link #row}, or holds it against that. */
    public static void check(Part part, SortedMap<String, GoldenComparison> found)
            throws IOException {
        SortedMap<String, String> cells = new TreeMap<>();
        found.forEach((row, comparison) ->
                cells.put(
                        row,
                        cells(
                                comparison.equal(),
                                comparison.near(),
                                comparison.wide(),
                                comparison.mean())));
        checkCells(part, cells);
    }

    /** The last cells of a row. */
    public static String cells(int equal, int near, int wide, double difference) {
        return "%d | %d | %d | %.4f".formatted(equal, near, wide, difference);
    }

    /** The same with the rows' last cells. */
    public static void checkCells(Part part, SortedMap<String, String> found) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int first = lines.indexOf(HEAD) + 2;
        assertThat(first).as("docs/models.md has the table").isGreaterThan(1);
        int end = first;
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        List<String> rows = lines.subList(first, end);
        if ("write".equals(System.getProperty("weft.docs"))) {
            List<String> written = new ArrayList<>(lines.subList(0, first));
            written.addAll(replaced(rows, part, found));
            written.addAll(lines.subList(end, lines.size()));
            Files.writeString(PAGE, String.join("\n", written) + "\n");
            return;
        }
        SortedMap<String, String> there = new TreeMap<>();
        rows.stream()
                .filter(row -> isOf(row, part))
                .forEach(row ->
                        assertThat(there.put(what(row), figures(row)))
                                .as("%s is there once", row)
                                .isNull());
        assertThat(there.keySet())
                .as("rows of docs/models.md's part '%s', and what ran", part.text)
                .isEqualTo(found.keySet());
        there.forEach((row, figures) -> {
            String now = found.getOrDefault(row, "");
            assertThat(Figures.of(now).isLike(Figures.of(figures)))
                    .as("docs/models.md: %s: %s, now %s", row, figures, now)
                    .isTrue();
        });
    }

    private static boolean isOf(String row, Part part) {
        return row.startsWith("| " + part.text + " |");
    }

    /** What a row is of, without its part. */
    private static String what(String row) {
        return cells(row).subList(1, NAMED).stream().collect(Collectors.joining(" | "));
    }

    private static String figures(String row) {
        List<String> cells = cells(row);
        return cells.subList(NAMED, cells.size()).stream().collect(Collectors.joining(" | "));
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|"))
                .map(String::strip)
                .filter(cell -> !cell.isEmpty())
                .toList();
    }

    private static List<String> replaced(
            List<String> rows, Part part, SortedMap<String, String> found) {
        List<String> all = new ArrayList<>(rows.stream().filter(row -> !isOf(row, part)).toList());
        found.forEach(
                (row, cells) -> all.add("| " + part.text + " | " + row + " | " + cells + " |"));
        all.sort(Comparator.comparingInt(ModelsPage::order).thenComparing(row -> row));
        return all;
    }

    /** Place of a row's part among the parts. */
    private static int order(String row) {
        int place = 0;
        for (Part part : Part.values()) {
            if (isOf(row, part)) {
                return place;
            }
            place++;
        }
        return place;
    }
}
