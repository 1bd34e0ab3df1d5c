package dev.weft.system.table;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Prints the table: {@code TestTable ROOT [--all] [--strict]}. */
public final class TestTable {
    /**
     * The start of the reason for a test that would have run with the programs that {@code ./weft
     * test} installs.
     */
    private static final String MISSING = "missing: ";

    private static final int SLOWEST = 8;

    private final List<TestRun> runs;
    private final List<String> silent;
    private final boolean strict;

    /**
     * Makes the table of all runs.
     *
     * @param silent modules that should have run and have not
     * @param strict whether a test that was left out for something that could be installed is a
     *     fault
     */
    TestTable(List<TestRun> runs, List<String> silent, boolean strict) {
        this.runs = List.copyOf(runs);
        this.silent = List.copyOf(silent);
        this.strict = strict;
    }

    /**
     * Exits with 1 if a test failed or didn't run.
     *
     * @param arguments the project's folder; {@code --all} if every module should have run; {@code
     *     --strict}
     */
    public static void main(String... arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        SurefireReports reports = new SurefireReports(Path.of(options.getFirst()));
        TestTable table =
                new TestTable(
                        reports.runs(),
                        options.contains("--all") ? reports.silent() : List.of(),
                        options.contains("--strict"));
        System.exit(table.print(System.out) ? 0 : 1);
    }

    /** Prints the table; true if there is no fault. */
    boolean print(PrintStream out) {
        printRuns(out);
        printLeftOut(out);
        printSlowest(out);
        List<String> faults = faults();
        if (!faults.isEmpty()) {
            out.println("\nfailed:");
            faults.forEach(fault -> out.println("  " + fault));
        }
        // the plain line that machines look for
        out.printf(
                "%n%d passed, %d failed, %d skipped%n",
                runs.stream().mapToInt(TestRun::passed).sum(), faults.size(), leftOut());
        return faults.isEmpty();
    }

    private void printRuns(PrintStream out) {
        int width = runs.stream().mapToInt(r -> r.name().length()).max().orElse(0);
        String row = "%-" + Math.max(width, "module".length()) + "s %8s %8s %9s %8s%n";
        out.printf("%n" + row, "module", "run", "failed", "left out", "time");
        for (TestRun run : runs) {
            out.printf(
                    row,
                    run.name(),
                    run.ran(),
                    run.failed() + run.unreported().size(),
                    run.leftOut(),
                    seconds(run.seconds()));
        }
    }

    private void printLeftOut(PrintStream out) {
        if (leftOut() == 0) {
            return;
        }
        out.println("\nleft out:");
        for (TestRun run : runs) {
            Map<String, TreeSet<String>> classes = new TreeMap<>();
            Map<String, Integer> counts = new TreeMap<>();
            for (TestRun.TestClass type : run.classes()) {
                for (String reason : type.leftOut()) {
                    classes.computeIfAbsent(reason, _ -> new TreeSet<>()).add(type.simpleName());
                    counts.merge(reason, 1, Integer::sum);
                }
            }
            classes.forEach((reason, names) ->
                    out.printf(
                            "  %d of %s (%s): %s%n",
                            counts.get(reason), run.name(), String.join(", ", names), reason));
        }
    }

    private void printSlowest(PrintStream out) {
        record Timed(String name, double seconds) {}
        out.println("\nlongest:");
        runs.stream()
                .flatMap(run ->
                        run.classes().stream()
                                .map(c ->
                                        new Timed(
                                                c.simpleName() + " of " + run.name(), c.seconds())))
                .sorted(Comparator.comparingDouble(Timed::seconds).reversed())
                .limit(SLOWEST)
                .forEach(t -> out.printf("  %8s  %s%n", seconds(t.seconds()), t.name()));
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        runs.forEach(run -> run.faults().map(f -> run.name() + ": " + f).forEach(faults::add));
        silent.forEach(module -> faults.add(module + ": its tests did not run"));
        if (strict) {
            reasons()
                    .filter(reason -> reason.startsWith(MISSING))
                    .distinct()
                    .forEach(reason -> faults.add("left out, " + reason));
        }
        return faults;
    }

    private int leftOut() {
        return runs.stream().mapToInt(TestRun::leftOut).sum();
    }

    private Stream<String> reasons() {
        return runs.stream()
                .flatMap(run -> run.classes().stream())
                .flatMap(type -> type.leftOut().stream());
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
