package dev.weft.standalone.bench.synthetic;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench adapters CHECKPOINT OUT}. */
@Command(
        name = "adapters",
        description =
                "Writes LoRA adapters of random weights that fit a checkpoint, to measure with.",
        mixinStandardHelpOptions = true)
public final class SyntheticAdaptersCommand implements Callable<Integer> {
    private static final int MOST = 100_000;
    private static final int LARGEST_RANK = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description = "Folder of the base; its config.json is read.")
    private Path checkpoint = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "New or empty folder.")
    private Path out = Path.of("");

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "16",
            description = "Number of adapters (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "16",
            description = "Rank of all adapters (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(
            names = "--modules",
            paramLabel = "LIST",
            split = ",",
            hideParamSyntax = true,
            defaultValue = "all",
            description =
                    "Modules that are changed: q, k, v, o, gate, up, down with commas between, or"
                            + " all (default: ${DEFAULT-VALUE}).")
    private List<String> modules = List.of("all");

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "lora_alpha (default: twice the rank).")
    private @Nullable Double alpha;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed writes the same adapters (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "lora",
            description =
                    "Adapters and their folders are called NAME-0001 and so on (default:"
                            + " ${DEFAULT-VALUE}).")
    private String name = "lora";

    @Option(
            names = "--deployment",
            paramLabel = "FILE",
            description = "Writes a deployment file that serves them all.")
    private @Nullable Path deployment;

    @Option(
            names = "--base-name",
            paramLabel = "NAME",
            defaultValue = "base",
            description = "Name of the base in the deployment file (default: ${DEFAULT-VALUE}).")
    private String baseName = "base";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        check();
        DecoderShape base = config().shape();
        var shape = new AdapterShape(base, rank, alpha == null ? 2.0 * rank : alpha, chosen(base));
        try {
            makeRoom(shape);
            write(shape);
            return 0;
        } catch (IOException e) {
            throw new CommandException("the adapters can't be written: " + e, e);
        }
    }

    private void check() {
        if (count < 1 || count > MOST) {
            throw wrong("--count", String.valueOf(count), "1 to " + MOST);
        }
        if (rank < 1 || rank > LARGEST_RANK) {
            throw wrong("--rank", String.valueOf(rank), "1 to " + LARGEST_RANK);
        }
        if (alpha != null && !(alpha > 0 && alpha <= Float.MAX_VALUE)) {
            throw wrong("--alpha", alpha.toString(), "a number over 0");
        }
        for (String text : List.of(name, baseName)) {
            if (!NAME.matcher(text).matches()) {
                throw wrong(
                        text.equals(name) ? "--name" : "--base-name",
                        text,
                        "1 to 100 letters, digits, '.', '_' or '-', first a letter or a digit");
            }
        }
    }

    private Set<LinearModule> chosen(DecoderShape base) {
        Set<LinearModule> chosen = EnumSet.noneOf(LinearModule.class);
        for (String module : modules) {
            if (module.equals("all")) {
                chosen.addAll(base.allModules());
            } else {
                chosen.add(
                        LinearModule.named(module)
                                .or(() -> LinearModule.named(module + "_proj"))
                                .filter(base.allModules()::contains)
                                .orElseThrow(() -> wrong("--modules", module, allowed(base))));
            }
        }
        return chosen;
    }

    /** The modules in words, as {@code q, k, v, o, gate, up, down or all}. */
    private static String allowed(DecoderShape base) {
        return base.allModules().stream()
                        .map(module -> module.shortName().replace("_proj", ""))
                        .collect(Collectors.joining(", "))
                + " or all";
    }

    private ParameterException wrong(String option, String value, String allowed) {
        return WrongOption.of(spec, option, value, allowed);
    }

    private ModelConfig config() throws CommandException {
        Path json = checkpoint.resolve("config.json");
        try {
            return ModelConfig.read(json);
        } catch (IOException | CheckpointException e) {
            throw new CommandException(json + " can't be read: " + e.getMessage(), e);
        }
    }

    private void makeRoom(AdapterShape shape) throws IOException, CommandException {
        if (shape.bytes() > Integer.MAX_VALUE) {
            throw new CommandException(
                    "an adapter of %.1f GB is not written: at most 2.1 GB"
                            .formatted(shape.bytes() / 1e9));
        }
        Files.createDirectories(out);
        try (Stream<Path> files = Files.list(out)) {
            if (files.findAny().isPresent()) {
                throw new CommandException(out + " is not empty: name a new folder");
            }
        }
        long free = Files.getFileStore(out).getUsableSpace();
        long needed = shape.bytes() * count;
        if (needed > free) {
            throw new CommandException(
                    String.format(
                            Locale.ROOT,
                            "%d adapters of %.1f MB take %.1f GB, and %s has %.1f GB left: a"
                                    + " smaller --rank or fewer --modules make them smaller",
                            count,
                            shape.bytes() / 1e6,
                            needed / 1e9,
                            out,
                            free / 1e9));
        }
    }

    private void write(AdapterShape shape) throws IOException {
        long begun = System.nanoTime();
        Path folder = checkpoint.toAbsolutePath().normalize();
        var writer = new AdapterWriter(shape, String.valueOf(folder.getFileName()), seed);
        Map<String, Path> adapters = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
            String adapter = "%s-%04d".formatted(name, i);
            Path target = out.toAbsolutePath().normalize().resolve(adapter);
            writer.write(target);
            adapters.put(adapter, target);
        }
        if (deployment != null) {
            Files.writeString(deployment, DeploymentText.of(baseName, folder, rank, adapters));
        }
        PrintWriter output = spec.commandLine().getOut();
        output.println(
                String.format(
                        Locale.ROOT,
                        "wrote %d adapters of %.1f MB to %s in %.1f s",
                        count,
                        shape.bytes() / 1e6,
                        out,
                        (System.nanoTime() - begun) / 1e9));
        if (deployment != null) {
            output.println("./weft serve " + deployment + " serves them");
        }
        output.flush();
    }
}
