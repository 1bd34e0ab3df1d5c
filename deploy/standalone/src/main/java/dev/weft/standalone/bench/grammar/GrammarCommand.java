package dev.weft.standalone.bench.grammar;

import dev.weft.service.settings.LogSettings;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import dev.weft.standalone.log.ServiceLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench grammar DATA}. */
@Command(
        name = "grammar",
        description = {
            "Walks the instances of JSON Schemas through their grammars, token by token, and prints"
                    + " which are served, how exactly and how fast.",
            "No server is asked."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "What the figures mean: docs/performance.md"})
public final class GrammarCommand implements Callable<Integer> {
    private static final int PROGRESS_EVERY = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description =
                    "Lines of {name, schema, tests: [{valid, data}]}; compressed if it ends in"
                            + " .gz.")
    private Path data = Path.of("");

    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "FOLDER",
            description = "Folder with a tokenizer.json.")
    private Path tokenizer = Path.of("");

    @Option(
            names = "--verdicts",
            paramLabel = "FILE",
            description = "Writes a line of JSON for each schema.")
    private @Nullable Path verdicts;

    @Option(names = "--shuffle", description = "Writes the keys of the instances in another order.")
    private boolean shuffle;

    @Option(
            names = "--splits",
            paramLabel = "native|random",
            defaultValue = "NATIVE",
            description =
                    "Whether texts are tokenised whole, or in pieces cut at random: the verdicts"
                            + " have to be the same (default: ${DEFAULT-VALUE}).")
    private MeasuredTokenizer.Splits splits = MeasuredTokenizer.Splits.NATIVE;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "How long the JVM is warmed, on every second schema; the others are measured"
                            + " first (default: ${DEFAULT-VALUE}).")
    private int warmUp = 30;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        if (warmUp < 0) {
            throw WrongOption.of(spec, "--warmup", warmUp, "0 or more");
        }
        ServiceLog.install(LogSettings.Format.TEXT, false);
        SchemaFile cases = new SchemaFile(data, shuffle);
        try (MeasuredTokenizer measured = MeasuredTokenizer.open(tokenizer, splits)) {
            warm(new GrammarWalk(measured), cases);
            GrammarWalk walk = new GrammarWalk(measured);
            List<SchemaResult> even = run(walk, cases, SchemaFile.Half.EVEN);
            List<SchemaResult> results = inOrder(even, run(walk, cases, SchemaFile.Half.ODD));
            write(results);
            PrintWriter out = spec.commandLine().getOut();
            out.print(new GrammarReport(results, walk).text());
            out.flush();
        }
        return 0;
    }

    private void warm(GrammarWalk walk, SchemaFile cases) throws CommandException {
        long end = System.nanoTime() + warmUp * NANOS_PER_SECOND;
        if (warmUp > 0) {
            cases.walk(
                    SchemaFile.Half.ODD,
                    one -> {
                        walk.run(one);
                        return System.nanoTime() - end < 0;
                    });
        }
    }

    private List<SchemaResult> run(GrammarWalk walk, SchemaFile cases, SchemaFile.Half half)
            throws CommandException {
        List<SchemaResult> results = new ArrayList<>();
        cases.walk(
                half,
                one -> {
                    results.add(walk.run(one));
                    if (results.size() % PROGRESS_EVERY == 0) {
                        spec.commandLine()
                                .getErr()
                                .println(results.size() + " schemas, " + half.words());
                    }
                    return true;
                });
        return results;
    }

    /** Merges the halves into the file's order. */
    private static List<SchemaResult> inOrder(List<SchemaResult> even, List<SchemaResult> odd) {
        List<SchemaResult> results = new ArrayList<>();
        for (int i = 0; i < even.size(); i++) {
            results.add(even.get(i));
            if (i < odd.size()) {
                results.add(odd.get(i));
            }
        }
        return results;
    }

    private void write(List<SchemaResult> results) throws CommandException {
        if (verdicts == null) {
            return;
        }
        List<String> lines = results.stream().map(SchemaResult::line).toList();
        try {
            Files.write(verdicts, lines);
        } catch (IOException e) {
            throw new CommandException("--verdicts " + verdicts + " can't be written: " + e, e);
        }
    }
}
