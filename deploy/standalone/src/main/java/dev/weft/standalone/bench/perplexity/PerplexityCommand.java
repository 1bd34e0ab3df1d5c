package dev.weft.standalone.bench.perplexity;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.service.settings.LogSettings;
import dev.weft.standalone.bench.report.Environment;
import dev.weft.standalone.bench.report.ReportFile;
import dev.weft.standalone.config.DataOptions;
import dev.weft.standalone.config.FileOptions;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import dev.weft.standalone.log.ServiceLog;
import dev.weft.standalone.output.Printed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench perplexity [FILE]}. */
@Command(
        name = "perplexity",
        description = {
            "Prints how well the base model of a deployment file predicts a text, in bf16, in"
                    + " int8, in bf16 with the KV cache in int8, and, if its weights are in 4 bits,"
                    + " with these dequantised to floats.",
            "Loads the model in this process: no server is asked."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "What the figures mean, and the fields of --json: docs/performance.md"})
public final class PerplexityCommand implements Callable<Integer> {
    @Mixin private FileOptions file = new FileOptions();

    @Option(
            names = "--text",
            paramLabel = "TEXT_FILE",
            description = "Text in UTF-8 (default: the bundled samples/text/everyday.txt).")
    private @Nullable Path text;

    @Option(
            names = "--round",
            paramLabel = "FORM",
            description =
                    "Measures a copy of the base whose linear layers are rounded to 4 bits:"
                            + " ${COMPLETION-CANDIDATES}.")
    private MeasuredBase.@Nullable Rounding round;

    @Mixin private ReportFile json = new ReportFile();

    @Mixin private DataOptions data = new DataOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws DeploymentException, CommandException {
        ServiceLog.install(LogSettings.Format.TEXT, false);
        Deployment deployment = file.read(FileFolders.REPOSITORIES).deployment();
        Path source =
                text == null ? FileOptions.samples().resolve("text").resolve("everyday.txt") : text;
        String content = read(source);
        String started = Clock.systemUTC().instant().toString();
        PrintWriter err = spec.commandLine().getErr();
        MeasuredBase base =
                MeasuredBase.of(
                        deployment,
                        data.folder(),
                        Optional.ofNullable(round),
                        content,
                        err::println);
        var report =
                new PerplexityReport(
                        base,
                        source.toString(),
                        started,
                        Environment.here(spec.root().version()[0].replace("weft ", "")));
        Printed.text(spec, report.text());
        json.write(report.json());
        return 0;
    }

    private String read(Path source) throws CommandException {
        try {
            String content = Files.readString(source);
            if (content.isBlank()) {
                throw wrong(source, "a file with text in it");
            }
            return content;
        } catch (NoSuchFileException _) {
            throw wrong(source, "a file that is there");
        } catch (CharacterCodingException _) {
            throw wrong(source, "a file in UTF-8");
        } catch (IOException e) {
            throw new CommandException("--text " + source + " can't be read: " + e, e);
        }
    }

    private ParameterException wrong(Path source, String allowed) {
        return WrongOption.of(spec, "--text", source, allowed);
    }
}
